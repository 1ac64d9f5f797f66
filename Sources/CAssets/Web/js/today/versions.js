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

const makeRow = ({ version, columns, best }) =>
  el("tr", {},
    el("th", { scope: "row" }, `${version.version} `, badges(version)),
    el("td", { class: "day" }, version.simulated_date ? shortDay(version.simulated_date) : wallTime(version.created_at)),
    el("td", { class: "spare" }, version.algorithm ?? "–"),
    columns.map((metric, index) => {
      const value = version.metrics?.[metric];
      const isBest = best[index] !== null && value === best[index];
      return el("td", { class: `number${index > 0 ? " spare" : ""}${isBest ? " best" : ""}`, title: value },
        figure(value), isBest && el("span", { class: "unseen" }, " (best)"));
    }),
    el("td", { class: "action" }, !version.aliases.includes("production") &&
      el("button", { type: "button", class: "small", onclick: () => promote(state.model, version.version) },
        "Promote", el("span", { class: "unseen" }, ` version ${version.version}`))));

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
    setText(lead, `${model.name}, newest first; the best of each measure is marked`);
    back.disabled = !model.aliases.production;
    const column = (name, kind) => el("th", { scope: "col", class: kind }, name);
    replace(head, column("version"), column("day"), column("algorithm", "spare"),
      columns.map((metric, index) => column(`${metricName(metric)} ${isCost(metric) ? "↓" : "↑"}`, index > 0 ? "number spare" : "number")),
      column(el("span", { class: "unseen" }, "actions")));
    const rows = isWhole ? versions : versions.filter((version, index) => index < fewRows || version.aliases.length > 0);
    const answers = state.serving?.model?.version;
    const isBest = (version) => columns.map((metric, index) => version.metrics?.[metric] === best[index]);
    keyed(body, rows.map((version) => ({ version, columns, best })),
      ({ version }) => JSON.stringify([version, columns, isBest(version), version.version === answers]), makeRow);
    all.hidden = versions.length <= fewRows;
    setText(all, isWhole ? "Show fewer" : `Show the last ${versions.length}`);
  };
  watch(["model", "serving"], draw);
};
