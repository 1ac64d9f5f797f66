// Which version answers now, and since when.
import { byId, el, emptyState, problemBox, replace } from "../dom.js";
import { count, plural, shortDay, wallTime } from "../format.js";
import { state, watch } from "../store.js";
import { t } from "../words.js";

const fact = (name, value) => value && el("div", {}, el("dt", {}, name), el("dd", {}, value));

const unheard = (shadow) => {
	if (!shadow) return null;
	if (shadow.problem) return t`could not be loaded: ${shadow.problem}`;
	const alike = shadow.answers > 0 ? t`${Math.round(shadow.mean_overlap * 100)} % of the lists alike in ${plural(shadow.answers, "answer")}` : t`nothing compared yet`;
	return t`version ${shadow.model.version} answers unheard: ${alike}` + (shadow.dropped ? t`, ${count(shadow.dropped)} dropped` : "");
};

const milliseconds = (value) => `${value < 10 ? value.toFixed(1) : Math.round(value)} ms`;
/** Of the last minutes, if anything was answered in them. */
const latencyWords = (latency) => typeof latency?.p50_ms === "number" && `p50 ${milliseconds(latency.p50_ms)}, p99 ${milliseconds(latency.p99_ms)}`;

export const mountServing = () => {
	const place = el("div");
	byId("serving").append(place, el("p", { class: "row links" }, el("a", { href: "/recommend" }, t`What it recommends`), el("a", { href: "/models" }, t`All versions, promote, roll back`)));
	watch(["serving"], () => {
		const { serving } = state;
		if (!serving) return replace(place, state.problems.serving ? problemBox(state.problems.serving) : el("p", { class: "muted" }, "…"));
		const { model, last_load_error: error } = serving;
		const problem = error && problemBox({ ...error, message: t`Version ${error.version} of ${error.model} could not be loaded: ${error.message}` });
		if (!model && error) return replace(place, problem);
		if (!model) {
			return replace(place, emptyState(t`No model answers yet.`, t`Press Play or Step: the first day's run trains, promotes and loads one.`));
		}
		const answered = Object.values(serving.requests ?? {}).reduce((sum, n) => sum + n, 0);
		replace(place, problem,
			el("p", { class: "big" }, t`Version ${model.version}`, el("span", { class: "badge" }, model.alias ?? t`no alias`)),
			el("dl", { class: "facts-list" },
				fact(t`model`, `${model.name}, ${model.algorithm}`),
				fact(t`since`, wallTime(model.loaded_at)),
				fact(t`trained on`, model.simulated_date && t`what came up to ${shortDay(model.simulated_date)}`),
				fact(t`knows`, `${plural(model.users, "person")}, ${plural(model.items, "film")}`),
				fact(t`swaps`, t`${count(serving.swaps)} since the start`),
				fact(t`challenger`, unheard(serving.shadow)),
				fact(t`answered`, answered === 0 ? t`nothing yet` : [plural(answered, "request"), latencyWords(serving.latency)].filter(Boolean).join("; "))));
	});
};
