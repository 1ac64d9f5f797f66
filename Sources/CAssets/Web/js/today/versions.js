// The versions of the model: what they scored, which alias names them, and the two moves: promote and roll back.
import { paths, post } from "../api.js";
import { announce } from "../announce.js";
import { confirmFirst } from "../dialog.js";
import { byId, el, emptyState, keyed, problemBox, replace, setText } from "../dom.js";
import { figure, metricName, shortDay, wallTime } from "../format.js";
import { reloadModel, servingIs } from "../live.js";
import { state, touch, watch } from "../store.js";

const fewRows = 8;
const preferred = ["ndcg_at_10", "recall_at_20", "coverage_at_10"];
const columnLimit = 4;
/** Of these less is better; of the rest more. */
const isCost = (metric) => /loss|rmse|mae|seconds|bytes/.test(metric);

const columnsOf = (versions) => {
  const all = new Set(versions.flatMap((version) => Object.keys(version.metrics ?? {})));
  return [...preferred.filter((name) => all.has(name)), ...[...all].filter((name) => !preferred.includes(name)).sort()].slice(0, columnLimit);
};

const bestOf = (versions, metric) => {
  const values = versions.map((version) => version.metrics?.[metric]).filter((value) => typeof value === "number");
  return values.length > 1 ? Math[isCost(metric) ? "min" : "max"](...values) : null;
};

/** Loads what the alias now names, and says what answers. */
const load = async () => {
  servingIs(await post(paths.reload));
  const version = state.serving.model?.version;
  announce(version ? `Version ${version} answers now` : "No model answers");
};

const answering = () => (state.serving?.model ? `version ${state.serving.model.version}` : "no model");

const move = async (path, body) => {
  state.model = await post(path, body);
  touch("model");
  await load();
  reloadModel();
};

const promote = ({ name }, version) =>
  confirmFirst({
    title: `Promote version ${version} of ${name}?`,
    consequences: [
      `The alias production moves from ${state.model.aliases.production ? `version ${state.model.aliases.production}` : "nothing"} to version ${version}.`,
      `It is loaded at once: recommendations come from version ${version} instead of ${answering()}. No request is dropped; those under way are finished by the former model.`,
      "The next run of the day's pipeline may promote another version. Roll back undoes this.",
    ],
    verb: `Promote version ${version}`,
    act: () => move(`${paths.model(name)}/promote`, { version, alias: "production", reason: "by hand on the page" }),
  });

/** The version that a roll back would return to, as the history of the alias tells it. */
const formerProduction = ({ aliases, history }) => {
  const changes = (history ?? []).filter((change) => change.alias === "production").sort((a, b) => (a.at < b.at ? 1 : -1));
  const last = changes[0];
  return last?.version === aliases.production ? (last.previous_version ?? null) : null;
};

const rollBack = (model) => {
  const former = formerProduction(model);
  confirmFirst({
    title: `Roll back ${model.name}?`,
    consequences: [
      `The alias production leaves version ${model.aliases.production} and returns to ${former ? `version ${former}` : "the version that had it before"}.`,
      `It is loaded at once in place of ${answering()}. No request is dropped. Version ${model.aliases.production} is kept and can be promoted again.`,
    ],
    verb: "Roll back",
    act: () => move(`${paths.model(model.name)}/rollback`, { alias: "production" }),
  });
};

const badges = (version) => [
  version.aliases.map((alias) => el("span", { class: alias === "production" ? "badge strong" : "badge" }, alias)),
  state.serving?.model?.version === version.version && state.serving.model.name === state.model.name && el("span", { class: "badge live" }, "answering"),
];

const makeRow = ({ version }) => {
  const cells = el("tr");
  let drawn = "";
  const button = el("button", { type: "button", class: "small", onclick: () => promote(state.model, version.version) }, "Promote", el("span", { class: "unseen" }, ` version ${version.version}`));
  const action = el("td", { class: "action" }, button);
  return { node: cells, update({ version: now, columns, best }) {
    const isAnswering = state.serving?.model?.version === now.version;
    button.hidden = now.aliases.includes("production");
    const key = JSON.stringify([now, columns, best, isAnswering]);
    if (key === drawn) return;
    drawn = key;
    // The last cell stays: a click on its button is not lost to a redraw.
    while (cells.firstChild && cells.firstChild !== action) cells.firstChild.remove();
    const metricCells = columns.map((metric, index) => {
      const value = now.metrics?.[metric];
      const isBest = best[index] !== null && value === best[index];
      return el("td", { class: `number${index > 0 ? " spare" : ""}${isBest ? " best" : ""}`, title: value === undefined ? null : String(value) }, figure(value), isBest && el("span", { class: "unseen" }, " (best)"));
    });
    const made = [
      el("th", { scope: "row" }, `${now.version}`),
      el("td", {}, badges(now)),
      el("td", {}, now.simulated_date ? shortDay(now.simulated_date) : wallTime(now.created_at)),
      el("td", { class: "spare" }, now.algorithm ?? "–"),
      ...metricCells,
    ];
    cells.prepend(...made);
    if (!action.isConnected || action.parentNode !== cells) cells.append(action);
  } };
};

export const mountVersions = () => {
  const nothing = el("div");
  const back = el("button", { type: "button", onclick: () => rollBack(state.model) }, "Roll back…");
  const lead = el("p", { class: "muted" });
  const head = el("tr");
  const body = el("tbody");
  const all = el("button", { type: "button", class: "small" });
  const table = el("div", { class: "scroll" }, el("table", { class: "versions" }, el("thead", {}, head), body));
  byId("versions").append(nothing, el("div", { class: "row between" }, lead, back), table, all);
  let isWhole = false;
  all.addEventListener("click", () => {
    isWhole = !isWhole;
    draw();
  });

  const draw = () => {
    const { model } = state;
    const versions = model?.versions ?? [];
    const isEmpty = versions.length === 0;
    for (const part of [table, back, all]) part.hidden = isEmpty;
    if (isEmpty) {
      setText(lead, "");
      return replace(nothing, !model ? (state.problems.model ? problemBox(state.problems.model) : el("p", { class: "muted" }, "…"))
        : emptyState("No model version yet.", "The day's pipeline registers one: press Play, or Step to let one day go by."));
    }
    replace(nothing);
    const columns = columnsOf(versions);
    const best = columns.map((metric) => bestOf(versions, metric));
    const bests = columns.length ? " The best of each measure is marked." : "";
    setText(lead, `${model.name}, newest first.${bests}`);
    back.disabled = !model.aliases.production;
    const headKey = columns.join();
    if (head.dataset.columns !== headKey) {
      head.dataset.columns = headKey;
      replace(head, el("th", { scope: "col" }, "version"), el("th", { scope: "col" }, "alias"), el("th", { scope: "col" }, "day"), el("th", { scope: "col", class: "spare" }, "algorithm"),
        columns.map((metric, index) => el("th", { scope: "col", class: index > 0 ? "number spare" : "number", title: isCost(metric) ? "less is better" : "more is better" }, `${metricName(metric)} ${isCost(metric) ? "↓" : "↑"}`)),
        el("th", { scope: "col" }, el("span", { class: "unseen" }, "actions")));
    }
    const rows = isWhole ? versions : versions.filter((version, index) => index < fewRows || version.aliases.length > 0);
    keyed(body, rows.map((version) => ({ version, columns, best })), ({ version }) => `${model.name} ${version.version}`, makeRow);
    all.hidden = versions.length <= fewRows;
    setText(all, isWhole ? "Show fewer" : `Show the last ${versions.length}`);
  };
  watch(["model", "serving"], draw);
};
