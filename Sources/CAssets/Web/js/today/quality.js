// The quality curve: each day's new ratings first test the model that was in production, then train the next.
import { byId, el, emptyState, problemBox, replace, setAttribute, setText } from "../dom.js";
import { count, figure, metricName, shortDay } from "../format.js";
import { state, watch } from "../store.js";
import { makeChart, runningMean } from "./chart.js";

const names = { production: "production", popularity: "popularity" };
const known = (value) => (typeof value === "number" && Number.isFinite(value) ? value : null);
const mean = (values) => {
  const some = values.filter((value) => value !== null);
  return some.length ? some.reduce((sum, value) => sum + value, 0) / some.length : null;
};

/** A week; more when there are so many days that a week is only a few pixels. */
const spanOf = (days) => Math.max(7, Math.round(days / 30));

const pointInWords = (point) =>
  [`${shortDay(point.date)}: production ${figure(point.production)}`, `popularity ${figure(point.popularity)}`,
    point.cases !== undefined && `${count(point.cases)} people tested${point.new_cases !== undefined ? `, ${count(point.new_cases)} of them new` : ""}`].filter(Boolean).join(" · ");

const legendItem = (name) => {
  const value = el("b");
  return { value, node: el("span", { class: `key ${name}` }, el("i", { "aria-hidden": "true" }), `${names[name]} `, value) };
};

export const mountQuality = () => {
  const lead = el("p", { class: "muted" });
  const production = legendItem("production");
  const popularity = legendItem("popularity");
  const gain = el("span", { class: "gain" });
  const legend = el("div", { class: "row legend" }, production.node, popularity.node, gain);
  // A slider is what a keyboard and a screen reader know as "one of many values along a line".
  const place = el("div", { class: "plot", tabindex: 0, role: "slider", "aria-label": "Day of the quality curve", "aria-valuemin": 0 });
  const readout = el("p", { class: "readout" });
  const body = el("tbody");
  const table = el("details", {}, el("summary", {}, "The same as a table"),
    el("div", { class: "scroll tall", tabindex: 0, role: "region", "aria-label": "Quality by day" },
      el("table", {}, el("thead", {}, el("tr", {}, ["day", "production", "popularity", "people tested", "new people"].map((name, index) => el("th", { scope: "col", class: index ? "number" : null }, name)))), body)));
  const nothing = el("div");
  byId("quality").append(lead, nothing, legend, place, readout, table);

  let chart = null;
  let points = [];
  /** The day under the pointer or chosen by keys; null: the last one. */
  let chosen = null;

  const read = () => {
    if (!chart) return;
    const index = chosen === null ? points.length - 1 : Math.min(chosen, points.length - 1);
    chart.mark(chosen === null ? null : index);
    setText(readout, pointInWords(points[index]));
    setAttribute(place, "aria-valuenow", index);
    setAttribute(place, "aria-valuetext", pointInWords(points[index]));
  };
  const choose = (index) => {
    chosen = index === null ? null : Math.max(0, Math.min(points.length - 1, index));
    read();
  };
  place.addEventListener("pointermove", (event) => {
    if (!chart) return;
    const x = event.clientX - place.getBoundingClientRect().left;
    let best = 0;
    chart.xs.forEach((each, index) => {
      if (Math.abs(each - x) < Math.abs(chart.xs[best] - x)) best = index;
    });
    choose(best);
  });
  place.addEventListener("pointerleave", () => choose(null));
  place.addEventListener("blur", () => choose(null));
  place.addEventListener("keydown", (event) => {
    const from = chosen ?? points.length - 1;
    const page = Math.max(7, Math.round(points.length / 20));
    const to = { ArrowLeft: from - 1, ArrowDown: from - 1, ArrowRight: from + 1, ArrowUp: from + 1, PageDown: from - page, PageUp: from + page, Home: 0, End: points.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    choose(to);
  });

  let tableKey = "";
  const fillTable = () => {
    const key = `${points.length} ${points.at(-1)?.date}`;
    if (!table.open || key === tableKey) return;
    tableKey = key;
    const row = (point) => el("tr", {}, el("th", { scope: "row" }, shortDay(point.date)),
      [figure(point.production), figure(point.popularity), count(point.cases), count(point.new_cases)].map((text) => el("td", { class: "number" }, text)));
    replace(body, [...points].reverse().map(row));
  };
  table.addEventListener("toggle", fillTable);

  const draw = () => {
    points = state.quality?.points ?? [];
    const refused = state.problems.quality;
    const isEmpty = points.length === 0;
    for (const part of [legend, place, readout, table]) part.hidden = isEmpty;
    if (isEmpty) {
      chart = null;
      setText(lead, "");
      return replace(nothing, refused && !state.quality ? problemBox(refused)
        : !state.quality ? el("p", { class: "muted" }, "…")
          : emptyState("No day has been tested yet.", "The first day trains the first model; from the second day on each day's new ratings test it before they train the next."));
    }
    replace(nothing);
    const values = (name) => points.map((point) => known(point[name]));
    const span = spanOf(points.length);
    const series = ["popularity", "production"].map((name) => ({ name, values: values(name), means: runningMean(values(name), span) }));
    const metric = metricName(state.quality.metric ?? "ndcg_at_10");
    setText(lead, `${metric} of the model in production on each day's new ratings, before it learned from them. Lines: mean of ${span} days; points: days.`);
    const [popular, personal] = series.map((each) => mean(each.values));
    setText(production.value, figure(personal));
    setText(popularity.value, figure(popular));
    const share = popular > 0 && personal !== null ? personal / popular - 1 : null;
    setText(gain, `means of ${points.length === 1 ? "1 day" : `${count(points.length)} days`}${share === null ? "" : `: production is ${Math.abs(share * 100).toFixed(1)} % ${share >= 0 ? "above" : "below"} popularity`}`);

    const width = place.clientWidth;
    if (width === 0) return;
    const unit = parseFloat(getComputedStyle(document.documentElement).fontSize) / 16;
    chart = makeChart({ dates: points.map((point) => point.date), series, width, height: place.clientHeight, unit });
    replace(place, chart.node);
    setAttribute(place, "aria-valuemax", points.length - 1);
    read();
    fillTable();
  };
  const ask = watch(["quality"], draw);
  new ResizeObserver(ask).observe(place);
};
