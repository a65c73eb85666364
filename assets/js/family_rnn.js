// What can be seen of a recurrent network; the page says which of these suit its data.

import { Forecast } from "./rnn_forecast.js";
import { Gradient } from "./rnn_gradient.js";
import { Gates, Hidden } from "./rnn_hidden.js";
import { Sequences } from "./rnn_sequences.js";
import { Step } from "./rnn_step.js";
import { Text } from "./rnn_text.js";

export const views = { forecast: Forecast, text: Text, sequences: Sequences, hidden: Hidden, gates: Gates, gradient: Gradient, step: Step };
export const Stage = null;
