// The graph of one pipeline as SVG. It is drawn once per file version and width; a change of a task changes one box.
import { serverNow } from "../api.js";
import { setAttribute, setText, svg } from "../dom.js";
import { duration, secondsBetween } from "../format.js";
import { glyph, hasEnded, setGlyph, stateWord } from "../states.js";
import { layOut } from "./layout.js";

/** Sizes at 16 pixels of text; all grow with it. */
const box = { width: 142, height: 52, gap: 26, laneGap: 16 };

/** How long a task has taken, or `""`. */
export const taskDuration = (task) => {
  if (!task?.started_at || ["none", "scheduled", "queued"].includes(task.state)) return "";
  if (task.ended_at) return duration(secondsBetween(task.started_at, task.ended_at));
  return task.state === "running" ? duration(Math.max(0, (serverNow() - Date.parse(task.started_at)) / 1000)) : "";
};

/** Ids may have 64 characters; the middle goes, because their beginnings and ends tell them apart. */
const shortened = (id, room) => (id.length <= room ? id : `${id.slice(0, Math.ceil(room / 2) - 1)}…${id.slice(-Math.floor(room / 2))}`);

const curve = (points, isDown) =>
  points.slice(1).reduce((path, [x, y], index) => {
    const [px, py] = points[index];
    const [mx, my] = [(px + x) / 2, (py + y) / 2];
    return `${path}C${isDown ? `${px} ${my} ${x} ${my}` : `${mx} ${py} ${mx} ${y}`} ${x} ${y}`;
  }, `M${points[0]}`);

/**
 * @param width of the place, in pixels; too narrow for the columns, the levels go downwards.
 * @param open called with a task's id when its box is chosen.
 * @returns `{node, update(tasks: Map, selected)}`
 */
export const makeGraph = (pipeline, width, open) => {
  const unit = parseFloat(getComputedStyle(document.documentElement).fontSize) / 16;
  const plan = layOut(pipeline.tasks);
  const isDown = width < 640 * unit;
  let boxWidth = box.width * unit;
  if (isDown) boxWidth = Math.min(boxWidth * 1.3, (width - 8 - (plan.lanes - 1) * 8) / plan.lanes);
  // Ten columns of a wide screen may be a little narrower before the reader has to scroll.
  else boxWidth = Math.max(112 * unit, Math.min(boxWidth * 1.15, (width - 8 + box.gap * unit) / plan.levels - box.gap * unit));
  const [height, gap] = [box.height * unit, (isDown ? 22 : box.gap) * unit];
  const laneGap = isDown ? 8 : box.laneGap * unit;
  const across = (lane) => lane * ((isDown ? boxWidth : height) + laneGap);
  const along = (level) => level * ((isDown ? height : boxWidth) + gap);
  const corner = ({ level, lane }) => (isDown ? [across(lane), along(level)] : [along(level), across(lane)]);
  const [lanesSize, levelsSize] = [across(plan.lanes) - laneGap, along(plan.levels) - gap];
  const [w, h] = isDown ? [lanesSize, levelsSize] : [levelsSize, lanesSize];

  const ends = (place) => {
    const [x, y] = corner(place);
    return isDown
      ? { enter: [x + boxWidth / 2, y], leave: [x + boxWidth / 2, y + height] }
      : { enter: [x, y + height / 2], leave: [x + boxWidth, y + height / 2] };
  };
  const lines = plan.edges.map(({ from, to, via }) => {
    const points = [ends(plan.places.get(from)).leave];
    for (const place of via) points.push(ends(place).enter, ends(place).leave);
    points.push(ends(plan.places.get(to)).enter);
    return { from, node: svg("path", { class: "edge", d: curve(points, isDown) }) };
  });

  const room = Math.floor((boxWidth - 20 * unit) / (7.4 * unit));
  const views = pipeline.tasks.map((task) => {
    const [x, y] = corner(plan.places.get(task.id));
    const badge = glyph("none", 16 * unit);
    setAttribute(badge, "x", 10 * unit);
    setAttribute(badge, "y", 28 * unit);
    const status = svg("text", { class: "status", x: 31 * unit, y: 41 * unit });
    const node = svg(
      "g",
      { class: "task", transform: `translate(${x} ${y})`, role: "button", tabindex: 0, "aria-expanded": "false" },
      svg("title", {}, `${task.id} (${task.type})`),
      svg("rect", { width: boxWidth, height, rx: 6 * unit }),
      svg("text", { class: "name", x: 10 * unit, y: 20 * unit }, shortened(task.id, room)),
      badge, status,
    );
    node.addEventListener("click", () => open(task.id));
    node.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      open(task.id);
    });
    return { id: task.id, node, badge, status };
  });

  const margin = 3;
  const node = svg(
    "svg",
    { class: "graph", width: w + 2 * margin, height: h + 2 * margin, viewBox: `${-margin} ${-margin} ${w + 2 * margin} ${h + 2 * margin}`, role: "group", "aria-label": `Tasks of ${pipeline.id}` },
    svg("g", {}, lines.map((line) => line.node)), views.map((view) => view.node),
  );

  const update = (tasks, selected) => {
    for (const { id, node, badge, status } of views) {
      const task = tasks.get(id) ?? { state: "none", attempt: 0 };
      const took = taskDuration(task);
      const word = stateWord(task.state);
      setAttribute(node, "data-state", task.state);
      setGlyph(badge, task.state);
      // The glyph says success; the time is what one wants to read then.
      setText(status, (task.state === "success" && took) || (took && task.state !== "upstream_failed" ? `${word} ${took}` : word));
      const said = [id, word, took, task.attempt > 1 && `attempt ${task.attempt}`, task.message].filter(Boolean).join(", ");
      setAttribute(node, "aria-label", `${said}. Open its log`);
      setAttribute(node, "aria-expanded", String(id === selected));
    }
    for (const { from, node } of lines) setAttribute(node, "data-done", hasEnded(tasks.get(from)?.state ?? "none"));
  };
  return { node, update, width };
};
