// JSON as folded lists: what is inside is made when it is opened.
import { button, el, replace } from "../dom.js";
import { count } from "../format.js";
import { t } from "../words.js";

const atOnce = 100;
const openDepth = 2;

const isText = (value) => typeof value === "string" || typeof value === "number" || typeof value === "boolean" || value === null;

/** The rows of what `mlflow.log_table` writes, heads first; null for other values. */
export const tableOf = (value) => {
	const isTable = Array.isArray(value?.columns) && Array.isArray(value.data) && value.columns.every(isText) && value.data.every(Array.isArray);
	return isTable ? [value.columns.map(String), ...value.data.map((row) => row.map((each) => (isText(each) ? String(each) : JSON.stringify(each))))] : null;
};

const items = (entries, depth) => {
	const list = el("ul");
	const more = (from) => {
		const rest = entries.slice(from, from + atOnce);
		list.append(...rest.map(([key, value]) => el("li", {}, node(key, value, depth))));
		const left = entries.length - from - rest.length;
		if (left === 0) return;
		const item = el("li", {}, button(t`${count(left)} more`, "link", () => {
			item.remove();
			more(from + atOnce);
		}));
		list.append(item);
	};
	more(0);
	return list;
};

const node = (key, value, depth) => {
	const name = key === null ? null : el("span", {}, `${key}: `);
	if (typeof value !== "object" || value === null) return [name, el("span", { class: "word" }, JSON.stringify(value))];
	const entries = Array.isArray(value) ? value.map((each, n) => [String(n), each]) : Object.entries(value);
	const about = Array.isArray(value) ? `[${count(entries.length)}]` : `{${count(entries.length)}}`;
	if (entries.length === 0) return [name, el("span", { class: "muted" }, about)];
	const inside = el("div");
	const fill = () => {
		if (folded.open && !inside.firstChild) replace(inside, items(entries, depth + 1));
	};
	const folded = el("details", { ontoggle: fill, open: depth < openDepth && entries.length <= 50 }, el("summary", {}, name, el("span", { class: "muted" }, about)), inside);
	fill();
	return folded;
};

export const jsonTree = (value) => el("div", {}, node(null, value, 0));
