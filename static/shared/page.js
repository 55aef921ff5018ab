// Runs on every page: clock and ages tick, and server-rendered codes get their labels.

import { closeMenus } from "./menus.js";
import { labelCodes } from "./terms.js";
import { startTicker } from "./ticker.js";

labelCodes();
startTicker();
closeMenus();
