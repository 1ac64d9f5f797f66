// For those who listen: one sentence at a time, never a flood.
import { byId, setText } from "./dom.js";

const restMilliseconds = 4000;
let next = null;
let timer = null;

const say = () => {
	timer = null;
	if (next === null) return;
	setText(byId("announcer"), next);
	next = null;
	timer = setTimeout(say, restMilliseconds);
};

/** Speaks `sentence` soon; of several within four seconds only the last is spoken. */
export const announce = (sentence) => {
	next = sentence;
	timer ??= setTimeout(say, 150);
};
