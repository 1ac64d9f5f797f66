// The table of an experiment's runs, with what is chosen in it.
import { button, el, setAttribute } from "../dom.js";
import { makeTable } from "../parts/table.js";
import { to } from "../router.js";
import { glyph } from "../states.js";
import { t } from "../words.js";
import { families } from "./families.js";
import { statusWord, titleOf } from "./names.js";

/**
 * @param onSort, onNearEnd as of `makeTable`
 * @param onChoice called when runs were chosen or left
 * @returns `{node, set({runs, parents, columns, marks, sort, total}), chosen(), leave(), forget(), toTop()}`; `marks` changes with
 * what cells show beside their runs
 */
export const makeRunsTable = ({ onSort, onNearEnd, onChoice }) => {
	/** Id → run. */
	const chosen = new Map();
	const folded = new Set();
	let shown = null;

	const box = ({ run }) => el("input", { type: "checkbox", checked: chosen.has(run.id), "aria-label": t`Choose ${titleOf(run)}`, "data-run": run.id, onchange: (event) => {
		if (event.target.checked) chosen.set(run.id, run);
		else chosen.delete(run.id);
		onChoice();
	} });
	const fold = ({ run, kids, isFolded }) => {
		const flip = button(el("span", { "aria-hidden": "true" }, isFolded ? "▸" : "▾"), "fold", () => {
			if (!folded.delete(run.id)) folded.add(run.id);
			draw();
			node.querySelector(`[data-fold="${CSS.escape(run.id)}"]`)?.focus();
		});
		flip.dataset.fold = run.id;
		setAttribute(flip, "aria-expanded", String(!isFolded));
		setAttribute(flip, "aria-label", t`${kids} runs below ${titleOf(run)}`);
		return flip;
	};
	const nameCell = (row) => {
		const { run, depth, kids, isFolded } = row;
		const cell = el("span", { class: "run-name" }, glyph(run.state), kids > 0 && fold(row),
			el("a", { href: to("experiments", run.experiment, "runs", run.id), title: `${run.name}\n${statusWord(run.state)}` }, el("bdi", {}, titleOf(run))),
			el("span", { class: "unseen" }, `: ${statusWord(run.state)}`), kids > 0 && isFolded && el("span", { class: "muted" }, `+${kids}`));
		cell.style.paddingLeft = `${depth * 1.25}rem`;
		return cell;
	};
	const own = [
		{ key: "choose", label: el("span", { class: "unseen" }, t`Choose`), kind: "choose", cell: box },
		{ key: "name", label: t`Run`, kind: "pin", canSort: true, cell: nameCell },
	];
	// The runs themselves are long; their stamps say whether a row has changed.
	const rowOf = ({ id, run, depth, kids, isFolded }) => Object.defineProperty({ id, stamp: run.stamp, marks: shown.marks, depth, kids, isFolded }, "run", { value: run, enumerable: false });
	const table = makeTable({ caption: t`Runs`, rowKey: ({ id }) => id, onSort, onNearEnd });
	const { node } = table;

	const draw = () => {
		const { runs, parents, columns, sort, total } = shown;
		const rows = families(runs, parents, folded).map(rowOf);
		table.set({ columns: [...own, ...columns.map((column) => ({ ...column, cell: ({ run }) => column.cell(run) }))], rows, sort, total: total ?? rows.length });
	};

	return {
		node,
		set(next) {
			shown = next;
			draw();
		},
		chosen: () => [...chosen.values()],
		leave() {
			chosen.clear();
			for (const input of node.querySelectorAll("input[data-run]")) input.checked = false;
			onChoice();
		},
		forget() {
			chosen.clear();
			folded.clear();
		},
		toTop: () => node.scrollTo({ top: 0 }),
	};
};
