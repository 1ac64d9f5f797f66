// A table of any length: only the rows in sight are elements, so that 10,000 runs scroll as ten do.
import { button, el, keyed, replace, setAttribute } from "../dom.js";

const rowHeight = 36;
const spare = 8;

/**
 * @param caption what the table holds, for those who cannot see it
 * @param rowKey a row's identity; what it shows may change under it
 * @param onSort called with `{key, descending}`, when the columns' heads are to sort; the caller brings the rows in order
 * @param onNearEnd called when the last rows come into sight, for the next page of them
 * @returns `{node, set({columns, rows, sort, total})}`. A column is `{key, label, title?, kind?, canSort?, cell(row)}`: `kind` is
 * a class, such as `number`; `cell` returns text, a node, or a list of them. `total`: how many rows there are, when more
 * than are given.
 */
export const makeTable = ({ caption, rowKey, onSort, onNearEnd }) => {
	const head = el("tr");
	const [above, below] = [el("tr", { class: "gap", "aria-hidden": "true" }), el("tr", { class: "gap", "aria-hidden": "true" })];
	const body = el("tbody");
	const table = el("table", { class: "rows" }, el("caption", { class: "unseen" }, caption), el("thead", {}, head),
		el("tbody", {}, above), body, el("tbody", {}, below));
	const node = el("div", { class: "scroll window", tabindex: 0, role: "region", "aria-label": caption }, table);
	let shown = { columns: [], rows: [], sort: null };
	let generation = 0;

	const heading = ({ key, label, title, kind, canSort }) => {
		const { sort } = shown;
		const isSorted = sort?.key === key;
		const choose = () => onSort({ key, descending: isSorted ? !sort.descending : kind === "number" });
		return el("th", { scope: "col", class: kind, title, "aria-sort": isSorted && (sort.descending ? "descending" : "ascending") },
			canSort && onSort ? button([label, isSorted && el("span", { "aria-hidden": "true" }, sort.descending ? " ▾" : " ▴")], "link", choose) : label);
	};

	const makeRow = (row, index) => {
		const tr = el("tr", { "aria-rowindex": index + 2 });
		const update = ({ row }) => {
			// A turn of the wheel changes no row that stays.
			if (tr.generation === generation) return;
			tr.generation = generation;
			const text = JSON.stringify([row, shown.columns.map(({ key }) => key)]);
			if (tr.drawn === text) return;
			tr.drawn = text;
			const focused = tr.contains(document.activeElement) && document.activeElement.textContent;
			replace(tr, shown.columns.map(({ kind, cell }) => el("td", { class: kind }, cell(row))));
			if (focused === false) return;
			// What had the focus may be gone; the row is still where the person is.
			const choices = [...tr.querySelectorAll("a, button")];
			(choices.find(({ textContent }) => textContent === focused) ?? choices[0])?.focus();
		};
		return { node: tr, update };
	};

	const draw = () => {
		const { rows } = shown;
		const first = Math.max(0, Math.floor(node.scrollTop / rowHeight) - spare);
		const last = Math.min(rows.length, Math.ceil((node.scrollTop + node.clientHeight) / rowHeight) + spare);
		above.style.height = `${first * rowHeight}px`;
		below.style.height = `${Math.max(0, rows.length - last) * rowHeight}px`;
		const inSight = rows.slice(first, last).map((row, index) => ({ row, index: first + index }));
		keyed(body, inSight, ({ row }) => rowKey(row), ({ row, index }) => makeRow(row, index));
		if (last > rows.length - spare && rows.length > 0) onNearEnd?.();
	};
	node.addEventListener("scroll", draw, { passive: true });
	new ResizeObserver(draw).observe(node);

	const set = (next) => {
		Object.assign(shown, next);
		generation += 1;
		const focused = [...head.querySelectorAll("button")].indexOf(document.activeElement);
		replace(head, shown.columns.map(heading));
		if (focused >= 0) head.querySelectorAll("button")[focused]?.focus();
		setAttribute(table, "aria-rowcount", (shown.total ?? shown.rows.length) + 1);
		draw();
	};
	return { node, set };
};
