// What needs attention: failed runs with the task, its message and its log; a replay that can't go on; broken files.
import { paths, post } from "../api.js";
import { confirmFirst } from "../dialog.js";
import { byId, el, keyed, replace, setText } from "../dom.js";
import { plural, runName } from "../format.js";
import { ensureRun, runAnswer, show } from "../runs.js";
import { glyph } from "../states.js";
import { state, watch } from "../store.js";

const zone = (pipeline) => state.details.get(pipeline)?.timezone;

/** Failed runs, those of the same task with the same message as one item. */
const failures = () => {
  const groups = new Map();
  for (const [pipeline, runs] of state.recent) {
    runs.forEach(({ id, state: runState }, age) => {
      if (runState !== "failed") return;
      const known = state.runs.get(id);
      if (!known?.complete) {
        ensureRun(pipeline, id).catch(() => {});
        return;
      }
      const task = [...known.tasks.values()].find((each) => each.state === "failed");
      const message = task?.message ?? known.run.message ?? "no message";
      const key = `${pipeline} ${task?.id} ${message}`;
      const group = groups.get(key) ?? { key, run: known.run, task, message, ids: [], mended: runs.slice(0, age).some((run) => run.state === "success") };
      group.ids.push(id);
      groups.set(key, group);
    });
  }
  return [...groups.values()].map((group) => ({
    ...group,
    kind: "run",
    text: `${runName(group.run, zone(group.run.pipeline))}: ${group.task ? `${group.task.id} failed` : "failed"}${group.task?.attempt > 1 ? ` after ${group.task.attempt} attempts` : ""}`,
    note: [group.ids.length > 1 && `${plural(group.ids.length, "run")} failed this way`, group.mended && "a later run succeeded"].filter(Boolean).join("; "),
  }));
};

const items = () => {
  const found = [];
  if (state.replay?.error) found.push({ key: "replay", text: "The replay cannot go on", message: state.replay.error.message, note: state.replay.error.remedy });
  for (const pipeline of state.pipelines ?? []) {
    for (const problem of pipeline.problems ?? []) {
      const message = typeof problem === "string" ? problem : (problem.message ?? JSON.stringify(problem));
      found.push({ key: `${pipeline.id} ${message}`, text: `${pipeline.file ?? pipeline.id} has an error`, message, note: "The last good version of the file goes on running." });
    }
  }
  const loading = state.problems.pipelines ?? state.problems.model ?? state.problems.quality;
  if (loading) found.push({ key: `load ${loading.message}`, text: "A part of this page could not be fetched", message: loading.message, note: loading.remedy });
  return [...found, ...failures()];
};

const again = ({ run }) =>
  confirmFirst({
    title: `Run ${run.pipeline} again?`,
    consequences: [
      `A new run of ${run.pipeline} starts by hand, with the params of the failed one; the failed run stays as it is.`,
      "It works on the last complete interval of the clock, which may be a later day than the failed run's.",
    ],
    verb: "Run again",
    async act() {
      const started = await post(paths.runs(run.pipeline), { params: run.params ?? {} });
      runAnswer(started);
      show({ pipeline: run.pipeline, run: started.id, task: null });
    },
  });

const create = (item) => {
  let latest = item;
  const [text, message, note] = [el("strong"), el("span", { class: "message" }), el("span", { class: "muted" })];
  const buttons = item.kind === "run" && el("div", { class: "row" },
    el("button", { type: "button", class: "small", onclick: () => {
      show({ pipeline: latest.run.pipeline, run: latest.run.id, task: latest.task?.id ?? null });
      byId(latest.task ? "task" : "flow").scrollIntoView();
    } }, latest.task ? "Open its log" : "Show the run"),
    el("button", { type: "button", class: "small", onclick: () => again(latest) }, "Run again"));
  const node = el("li", {}, glyph("failed", 20), el("div", {}, text, " ", message, " ", note), buttons);
  return { node, update(now) {
    latest = now;
    node.classList.toggle("mended", Boolean(now.mended));
    setText(text, `${now.text}.`);
    setText(message, now.message);
    setText(note, now.note ? `(${now.note})` : "");
  } };
};

export const mountAttention = () => {
  const place = byId("attention");
  const list = el("ul", {});
  const calm = el("p", { class: "calm" });
  place.append(list, calm);
  watch(["runs", "replay", "view", "pipelines", "model", "quality"], () => {
    const found = items();
    calm.hidden = found.length > 0;
    if (!calm.hidden && !calm.firstChild) replace(calm, glyph("success"), "Nothing needs attention.");
    keyed(list, found, (item) => item.key, create);
  });
};
