// What can be seen of two players: the stage (plane or sheet, and how the data flows) and the views below it.

import { History } from "./gan_history.js";
import { Interpolation } from "./gan_interpolation.js";
import { Nearest } from "./gan_nearest.js";
import { Slow } from "./gan_slow.js";
import { GanStage } from "./gan_stage.js";
import { Warp } from "./gan_warp.js";

export const views = { slow: Slow, history: History, warp: Warp, interpolation: Interpolation, nearest: Nearest };
export const Stage = GanStage;
