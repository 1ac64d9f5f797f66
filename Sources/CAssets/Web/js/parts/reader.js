// Reading a chart point by point, with the pointer or with keys: a slider is what a keyboard and a screen reader know as "one of
// many values along a line".
import { el, replace, setAttribute, setText, textUnit } from "../dom.js";

/**
 * @param draw `(width, height, unit)` → a chart of chart.js, or null; called again when the place has another size
 * @param words what is said of the point at an index
 * @param open called with the index of a point that is clicked or entered
 * @param marked called with the index of the point that is chosen, or null: also when the chart was drawn anew
 * @param nothing what is said when there are no points
 * @returns `{nodes, redraw(count), forget()}`: `forget` when the points are of something else from now on
 */
export const makeReader = ({ label, draw, words, open, marked, nothing = "" }) => {
	const place = el("div", { class: "plot", tabindex: 0, role: "slider", "aria-label": label, "aria-valuemin": 0 });
	const readout = el("p", { class: "muted" });
	let [chart, last, chosen] = [null, -1, null];

	const choose = (index) => {
		if (!chart) return;
		chosen = index === null ? null : Math.max(0, Math.min(last, index));
		chart.mark(chosen);
		marked?.(chosen);
		const text = words(chosen ?? last);
		setText(readout, text);
		setAttribute(place, "aria-valuenow", chosen ?? last);
		setAttribute(place, "aria-valuetext", text);
	};
	place.addEventListener("pointermove", (event) => chart && choose(chart.nearest(event)));
	place.addEventListener("pointerleave", () => choose(null));
	place.addEventListener("blur", () => choose(null));
	place.addEventListener("click", (event) => chart && open?.(chart.nearest(event)));
	place.addEventListener("keydown", (event) => {
		const from = chosen ?? last;
		if (event.key === "Enter" && chart) return open?.(from);
		const to = { ArrowLeft: from - 1, ArrowDown: from - 1, ArrowRight: from + 1, ArrowUp: from + 1, PageDown: from - 30, PageUp: from + 30, Home: 0, End: last }[event.key];
		if (to === undefined) return;
		event.preventDefault();
		choose(to);
	});

	const redraw = (count = last + 1) => {
		last = count - 1;
		if (chosen > last) chosen = null;
		const unit = textUnit();
		const [width, height] = [place.clientWidth / unit, place.clientHeight / unit];
		if (width === 0) return;
		chart = count > 0 ? draw(width, height, unit) : null;
		replace(place, chart?.node);
		setText(readout, count > 0 ? "" : nothing);
		setAttribute(place, "aria-valuemax", Math.max(0, last));
		choose(chosen);
	};
	new ResizeObserver(() => redraw()).observe(place);
	return { nodes: [place, readout], redraw, forget: () => (chosen = null) };
};
