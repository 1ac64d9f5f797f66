// The replay clock: the date, how far the dataset has come, and the controls.
import { announce } from "../announce.js";
import { paths, post } from "../api.js";
import { byId, el, problemBox, replace, setAttribute, setText } from "../dom.js";
import { count, duration, longDay, plural, shortDay } from "../format.js";
import { clockIs } from "../live.js";
import { state, watch } from "../store.js";

/** Seconds of wall time per simulated day; 0: as fast as the work allows. */
const speeds = [0, 1, 5, 10, 30, 60];
const speedWord = (seconds) => (seconds === 0 ? "as fast as possible" : `${duration(seconds).replace(/\.0 s$/, " s")} a day`);

const stateWords = {
  playing: "playing",
  paused: "paused",
  working: "the day's runs are under way",
  finished: "finished: the end of the replay is reached",
};

const fraction = (iso, from, to) => {
  const [now, start, end] = [iso, from, to].map(Date.parse);
  return end > start ? Math.min(1, Math.max(0, (now - start) / (end - start))) : 0;
};

const percent = (value) => `${(value * 100).toFixed(2)}%`;

export const mountClock = () => {
  const date = el("p", { class: "date" }, "…");
  const phase = el("p", { class: "phase" });
  const refusal = el("div");
  const play = el("button", { type: "button", class: "primary" }, "Play");
  const step = el("button", { type: "button", title: "Let one simulated day go by" }, "Step one day");
  const speed = el("select", { id: "speed" }, speeds.map((seconds) => el("option", { value: seconds }, speedWord(seconds))));
  const past = el("span", { class: "past" });
  const arrived = el("span", { class: "arrived" });
  const bar = el("div", { class: "bar", role: "progressbar", "aria-label": "Progress through the dataset", "aria-valuemin": 0, "aria-valuemax": 100 }, past, arrived);
  const untilNext = el("span", { class: "until" });
  const dayBar = el("div", { class: "daybar", "aria-hidden": "true" }, untilNext);
  const scale = el("p", { class: "scale muted" });
  const facts = el("p", { class: "facts" });

  byId("clock").append(
    el("div", { class: "clock-now" }, date, phase,
      el("div", { class: "row" }, play, step, el("label", { class: "field", for: "speed" }, el("span", {}, "Speed"), speed)), refusal),
    el("div", { class: "clock-progress" }, facts, bar, scale, dayBar),
  );

  let asking = false;
  const order = async (body) => {
    if (asking) return;
    asking = true;
    replace(refusal);
    try {
      const before = state.replay;
      const replay = await post(paths.replay, body);
      // The stream may have told of a later moment than this answer does.
      if (state.replay === before) clockIs(replay);
      announce(`The clock: ${stateWords[replay.state] ?? replay.state}, ${longDay(replay.now)}`);
    } catch (error) {
      replace(refusal, problemBox(error));
    } finally {
      asking = false;
    }
  };

  const isMoving = () => !["paused", "finished"].includes(state.replay?.state);
  play.addEventListener("click", () => order({ action: isMoving() ? "pause" : "play" }));
  step.addEventListener("click", () => order({ action: "step", days: 1 }));
  speed.addEventListener("change", () => order({ action: "speed", day_length_seconds: Number(speed.value) }));

  let animation = null;
  let drawnKey = "";
  const drawDay = (replay) => {
    const key = `${replay.now} ${replay.state} ${replay.day_length_seconds} ${replay.day_progress}`;
    if (key === drawnKey) return;
    drawnKey = key;
    animation?.cancel();
    animation = null;
    untilNext.style.width = percent(replay.day_progress ?? 0);
    const rest = (1 - replay.day_progress) * replay.day_length_seconds * 1000;
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    if (replay.state !== "playing" || !(rest > 0) || still) return;
    // Eased by the browser between two events: the stream doesn't have to say every frame.
    animation = untilNext.animate([{ width: percent(replay.day_progress) }, { width: "100%" }], { duration: rest, fill: "forwards" });
  };

  const drawSpeed = (seconds) => {
    if (document.activeElement === speed) return;
    if (![...speed.options].some((option) => Number(option.value) === seconds)) {
      speed.append(el("option", { value: seconds }, speedWord(seconds)));
    }
    speed.value = String(seconds);
  };

  /** Why the clock could not be fetched; a refused order is put there by `order` itself. */
  let shownRefusal;
  const draw = () => {
    const replay = state.replay;
    for (const control of [play, step, speed]) control.disabled = !replay;
    const refused = state.problems.replay;
    if (refused !== shownRefusal) replace(refusal, refused && problemBox(refused));
    shownRefusal = refused;
    if (!replay) return;
    const finished = replay.state === "finished";
    setText(date, longDay(replay.now));
    byId("clock").dataset.state = replay.state;
    setText(phase, stateWords[replay.state] ?? replay.state);
    setText(play, isMoving() ? "Pause" : "Play");
    play.disabled = step.disabled = finished;
    drawSpeed(replay.day_length_seconds);

    const start = fraction(replay.start, replay.first_day, replay.last_day);
    const now = fraction(replay.now, replay.first_day, replay.last_day);
    past.style.width = percent(Math.min(start, now));
    arrived.style.width = percent(Math.max(0, now - start));
    setAttribute(bar, "aria-valuenow", Math.round(now * 100));
    setAttribute(bar, "aria-valuetext", `${shortDay(replay.now)}, day ${replay.day} of ${replay.days_total}`);
    replace(scale,
      el("span", {}, shortDay(replay.first_day)),
      el("span", {}, `replayed since ${shortDay(replay.start)}`),
      el("span", {}, replay.until ? `until ${shortDay(replay.until)}` : shortDay(replay.last_day)));
    replace(facts,
      el("span", {}, el("b", {}, `day ${count(replay.day)}`), ` of ${plural(replay.days_total, "simulated day")}`),
      el("span", {}, el("b", {}, count(replay.ratings_arrived)), ` of ${count(replay.ratings_total)} ratings have arrived`),
      el("span", { class: "muted" }, `dataset ${replay.dataset}`));
    dayBar.hidden = replay.day_length_seconds === 0 || finished;
    drawDay(replay);
  };
  watch(["replay"], draw);
};
