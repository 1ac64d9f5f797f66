// The states of runs and tasks: a word, and a glyph that means the same without its colour.
import { svg } from "./dom.js";
import { t } from "./words.js";

const words = {
	none: t`not started`, scheduled: t`scheduled`, queued: t`queued`, running: t`running`, success: t`success`, failed: t`failed`,
	up_for_retry: t`will retry`, skipped: t`skipped`, upstream_failed: t`upstream failed`, removed: t`removed`, cancelled: t`cancelled`,
};

export const stateWord = (state) => words[state] ?? state;

/** The states before the end, in the order a task passes through them. */
export const before = ["none", "scheduled", "queued", "running", "up_for_retry"];

export const hasEnded = (state) => !before.includes(state);

/** Drawn in a box of 16 by 16, so that no system's font decides what a state looks like. */
const shapes = {
	none: "M5 8h6",
	scheduled: "M8 5v3l2 2",
	queued: "M4.5 8h.1M8 8h.1M11.5 8h.1",
	running: "M6.5 5v6l4.5-3z",
	success: "M4.5 8.3 7 10.8 11.5 5.5",
	failed: "M5.3 5.300l5.4 5.400M10.7 5.300l-5.4 5.4",
	up_for_retry: "M11.3 6.500A3.6 3.6 0 1 0 11.5 9M11.6 4.200v2.600H9",
	skipped: "M4.5 5l3 3-3 3M8.5 5l3 3-3 3",
	upstream_failed: "M8 11.500v-7M5 7.300l3-3 3 3",
	removed: "M5 5h6v6H5z",
	cancelled: "M5.5 5.500h5v5h-5z",
	// Not states of a run, but lines of what happened.
	promoted: "M8 11.500v-7M5 7.300l3-3 3 3M5 11.500h6",
	clock: "M8 4.500v3.500l2.5 1.5",
	tested: "M4.5 10.500l2.5-3 2 1.5 2.5-4",
};

/** The round badge of a state; its name is beside it, so it is hidden from screen readers. */
export const glyph = (state, size = 16) => {
	const badge = svg(
		"svg",
		{ class: "glyph", viewBox: "0 0 16 16", width: size, height: size, "aria-hidden": "true" },
		svg("circle", { cx: 8, cy: 8, r: 7.5 }),
		svg("path", { d: shapes.none }),
	);
	setGlyph(badge, state);
	return badge;
};

export const setGlyph = (badge, state) => {
	if (badge.dataset.state === state) return;
	badge.dataset.state = state;
	badge.lastChild.setAttribute("d", shapes[state] ?? shapes.none);
};
