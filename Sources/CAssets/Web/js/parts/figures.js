// A few large figures with their names, each with a small line below it.
import { el, replace } from "../dom.js";

/** @param list `[[name, text, note?, title?]]` */
export const drawFigures = (node, list) =>
	replace(node, list.map(([name, text, note, title]) => el("div", {}, el("dt", {}, name), el("dd", { title }, text, note && el("small", {}, note)))));

export const makeFigures = () => el("dl", { class: "figures" });
