// Elements are made here and nowhere else. Data becomes text nodes and attribute values, never markup.
import { t } from "./words.js";

const svgNamespace = "http://www.w3.org/2000/svg";
const isNothing = (value) => value === undefined || value === null || value === false;

const fill = (node, attributes, children) => {
	for (const [name, value] of Object.entries(attributes)) {
		if (isNothing(value)) continue;
		if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
		else node.setAttribute(name, value === true ? "" : value);
	}
	append(node, children);
	return node;
};

const append = (node, children) => {
	for (const child of children.flat(Infinity)) if (!isNothing(child)) node.append(child);
};

/** An HTML element; an attribute that begins with `on` is a listener; strings among the children become text. */
export const el = (tag, attributes = {}, ...children) => fill(document.createElement(tag), attributes, children);

/** The same for SVG. */
export const svg = (tag, attributes = {}, ...children) =>
	fill(document.createElementNS(svgNamespace, tag), attributes, children);

/** How many pixels one unit of a drawing has: drawings grow with the text, and are made for text of 16 pixels. */
export const textUnit = () => parseFloat(getComputedStyle(document.documentElement).fontSize) / 16;

/** A button that does one thing. */
export const button = (label, kind, act) => el("button", { type: "button", class: kind, onclick: act }, label);

export const byId = (id) => document.getElementById(id);

/** Writes only what differs, so that a screen reader and the selection are left in peace. */
export const setText = (node, text) => {
	if (node.textContent !== text) node.textContent = text;
};

export const setAttribute = (node, name, value) => {
	if (isNothing(value)) node.removeAttribute(name);
	else if (node.getAttribute(name) !== String(value)) node.setAttribute(name, value);
};

export const replace = (node, ...children) => {
	node.replaceChildren();
	append(node, children);
};

/** `replace`, but only when `key` says that what is to be drawn has changed: what has the focus keeps it. */
export const replaceWhen = (node, key, make) => {
	if (node.drawnKey === key) return;
	node.drawnKey = key;
	replace(node, make());
};

/**
 * Makes the children of `parent` those of `items`, in order, and keeps the node of every key that stays: focus and
 * a half-finished click survive a redraw. `create(item)` returns a node, whose key then holds all that it shows, or
 * `{node, update}`; `update(item)` is called each time.
 */
export const keyed = (parent, items, key, create) => {
	const former = parent.keyedViews ?? new Map();
	const wanted = new Set(items.map(key));
	// First, because moving a node that stays past one that goes would take its focus.
	for (const [id, view] of former) if (!wanted.has(id)) (view.node ?? view).remove();
	const views = new Map();
	let place = parent.firstChild;
	for (const item of items) {
		const id = key(item);
		const view = former.get(id) ?? create(item);
		views.set(id, view);
		view.update?.(item);
		const node = view.node ?? view;
		if (node === place) place = place.nextSibling;
		else parent.insertBefore(node, place);
	}
	parent.keyedViews = views;
};

/** A message of the API with its remedy. */
export const problemBox = (error) =>
	el("div", { class: "problem", role: "alert" }, el("strong", {}, error.message), error.remedy && el("p", {}, error.remedy));

/** An empty state: what is missing, then what to do next. */
export const emptyState = (what, next) =>
	el("div", { class: "empty" }, el("p", {}, what), next && el("p", { class: "muted" }, next));

/** A button that copies `text()`, and says so. */
export const copyButton = (label, text) => {
	const copy = async () => {
		let said = t`Copied`;
		try {
			await navigator.clipboard.writeText(text());
		} catch {
			// Browsers refuse the clipboard to pages that came over plain HTTP from another machine.
			said = t`Select it and press Ctrl-C`;
		}
		setText(node, said);
		setTimeout(() => setText(node, label), 2000);
	};
	const node = button(label, "small", copy);
	return node;
};
