// What happened last, newest first.
import { button, byId, el, keyed, setText } from "../dom.js";
import { wallTime } from "../format.js";
import { show } from "../runs.js";
import { glyph } from "../states.js";
import { state, watch } from "../store.js";
import { t } from "../words.js";

const create = (line) => {
	const time = el("time", { class: "muted" });
	const text = el("span");
	const open = line.run && button(t`show the run`, "link", () => {
		show({ pipeline: line.run.pipeline, run: line.run.id, task: null });
		byId("flow").scrollIntoView();
	});
	const link = line.href && el("a", { href: line.href }, t`more`);
	const node = el("li", {}, glyph(line.state), el("div", {}, text, " ", open, link), time);
	return { node, update(now) {
		setText(text, now.text(now.times));
		setText(time, wallTime(new Date(now.at).toISOString()));
	} };
};

export const mountHappened = () => {
	const list = el("ol", { class: "happened" });
	const nothing = el("p", { class: "muted" }, t`Nothing yet. Press Play, or Step to let one day go by.`);
	byId("happened").append(nothing, list);
	watch(["happened"], () => {
		nothing.hidden = state.happened.length > 0;
		keyed(list, state.happened, (line) => line.id, create);
	});
};
