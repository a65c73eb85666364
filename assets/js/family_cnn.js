// What can be seen of a convolutional network.

import { Classes } from "./view_classes.js";
import { Closer } from "./view_closer.js";
import { Filters } from "./view_filters.js";
import { Predictions } from "./view_predictions.js";
import { Updates } from "./view_updates.js";

export const views = { predictions: Predictions, classes: Classes, closer: Closer, filters: Filters, updates: Updates };
export const Stage = null;
