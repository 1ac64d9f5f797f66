// What happened, in words. Like follows like at full speed: then one line counts instead of many lines running by.
import { announce } from "./announce.js";
import { count, figure, metricName, plural, runName, secondsBetween, duration, shortDay } from "./format.js";
import { state, touch } from "./store.js";

const kept = 10;
/** Two of a kind closer than this become one line. */
const mergeMilliseconds = 3000;

const zone = (pipeline) => state.details.get(pipeline)?.timezone;

const speed = (seconds) => (seconds === 0 ? "as fast as the work allows" : `one day is ${duration(seconds)}`);

const sentences = {
  run(run) {
    const name = runName(run, zone(run.pipeline));
    const took = run.started_at && run.ended_at ? ` in ${duration(secondsBetween(run.started_at, run.ended_at))}` : "";
    if (run.state === "success") {
      const many = (n) => (n > 1 ? `${run.pipeline} succeeded ${count(n)} times, last for ${shortDay(run.logical_date, zone(run.pipeline))}` : `${name} succeeded${took}`);
      return { key: `success ${run.pipeline}`, state: "success", text: many };
    }
    if (run.state === "failed") {
      return { state: "failed", text: () => `${name} failed${run.message ? `: ${run.message}` : ""}`, run, aloud: true };
    }
    if (run.state === "cancelled") return { state: "cancelled", text: () => `${name} was cancelled`, run, aloud: true };
    return null;
  },
  model({ name, version, alias, previous_version: before }) {
    if (!version) return { state: "removed", text: () => `Nothing is ${alias} of ${name} any more`, aloud: true };
    const text = (n) =>
      n > 1
        ? `Version ${version} of ${name} is now ${alias}, after ${plural(n, "change")}`
        : `Version ${version} of ${name} is now ${alias}${before ? ` (before: ${before})` : ""}`;
    return { key: `model ${name} ${alias}`, state: "promoted", text, aloud: true };
  },
  serving({ model }) {
    const text = (n) => (n > 1 ? `Version ${model.version} answers now, after ${plural(n, "swap")}` : `Version ${model.version} answers from now on`);
    return { key: "serving", state: "serving", text };
  },
  clock({ former, replay }) {
    const line = (text) => ({ key: text, state: "clock", text: () => text, aloud: true });
    if (replay.now < former.now) return line(`The clock went back to ${shortDay(replay.now)}`);
    if (replay.error && replay.error.message !== former.error?.message) {
      return { state: "failed", text: () => `The replay stopped: ${replay.error.message}`, aloud: true };
    }
    if (replay.state === "finished" && former.state !== "finished") return line("The replay has reached its end");
    if (replay.day_length_seconds !== former.day_length_seconds) return line(`The clock's speed: ${speed(replay.day_length_seconds)}`);
    if (replay.state === "paused" && former.state !== "paused") return line("The clock is paused");
    if (replay.state === "playing" && former.state === "paused") return line(`The clock plays: ${speed(replay.day_length_seconds)}`);
    return null;
  },
  quality(point) {
    if (typeof point.production !== "number") return null;
    const metric = metricName(state.quality?.metric ?? "ndcg_at_10");
    const against = typeof point.popularity === "number" ? ` against ${figure(point.popularity)} of popularity` : "";
    const day = shortDay(point.date);
    const text = (n) =>
      n > 1 ? `${plural(n, "day")} tested, last ${day}: ${metric} ${figure(point.production)}${against}` : `${day} tested: ${metric} ${figure(point.production)}${against}`;
    return { key: "quality", state: "tested", text };
  },
};

const describe = (type, data) => sentences[type](data);

const put = (line, at) => {
  const milliseconds = Date.parse(at);
  const like = line.key && state.happened.slice(0, 6).find((each) => each.key === line.key);
  if (like && Math.abs(milliseconds - like.last) < mergeMilliseconds) {
    Object.assign(like, { text: line.text, times: like.times + 1, last: milliseconds });
  } else {
    state.happened.unshift({ ...line, id: `${type(line)} ${milliseconds} ${serial++}`, times: 1, last: milliseconds });
    state.happened.length = Math.min(state.happened.length, kept);
  }
};

const type = (line) => line.key ?? line.state;
let serial = 0;

/** An event of the stream. */
export const happen = (type, data) => {
  const line = describe(type, data);
  if (!line) return;
  put(line, new Date().toISOString());
  if (line.aloud) announce(line.text(1));
  touch("happened");
};

const seeds = new Map();

/** What happened before this page was opened, from the answers of the API; asking again changes nothing that is shown. */
export const seedHappened = (source, past) => {
  if (seeds.has(source)) return;
  seeds.set(source, past);
  const shown = state.happened;
  const lines = [...seeds.values()].flat().sort((a, b) => (a.at < b.at ? -1 : 1));
  const since = shown.filter((each) => !each.past);
  state.happened = [];
  for (const { type, data, at } of lines.slice(-60)) {
    const line = describe(type, data);
    if (line) put({ ...line, past: true }, at);
  }
  state.happened = [...since, ...state.happened].slice(0, kept);
  touch("happened");
};
