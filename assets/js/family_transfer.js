// What can be seen of a network that learns a visitor's own classes.

import { Advice } from "./transfer_advice.js";
import { EmbeddingMap } from "./transfer_map.js";
import { Try } from "./transfer_try.js";
import { Wall } from "./transfer_wall.js";
import { Classes } from "./view_classes.js";
import { Updates } from "./view_updates.js";

export const views = { try: Try, predictions: Wall, classes: Classes, map: EmbeddingMap, advice: Advice, updates: Updates };
export const Stage = null;
