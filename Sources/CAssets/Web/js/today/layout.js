// Where the tasks of a DAG are drawn: a column (or row) per level, few crossings, edges around the boxes between.

/**
 * @param tasks `[{id, needs, level}]`
 * @returns `{levels, lanes, places: Map id → {level, lane}, edges: [{from, to, via: [{level, lane}]}]}`; lanes are
 * numbers from 0 on, not always whole: a task stands in the middle of what it needs.
 */
export const layOut = (tasks) => {
  const levels = [];
  const nodes = new Map();
  const add = (id, level, parents) => {
    const node = { id, level, parents };
    (levels[level] ??= []).push(node);
    nodes.set(id, node);
    return node;
  };
  for (const task of tasks) add(task.id, task.level, task.needs.filter((need) => tasks.some(({ id }) => id === need)));

  // An edge over several levels keeps a lane free in each, as a box without a task (Sugiyama's dummy vertices).
  const edges = [];
  for (const task of tasks) {
    const node = nodes.get(task.id);
    node.parents = node.parents.map((need) => {
      const via = [];
      let parent = need;
      for (let level = nodes.get(need).level + 1; level < task.level; level += 1) {
        const dummy = add(`${need} to ${task.id} at ${level}`, level, [parent]);
        via.push(dummy);
        parent = dummy.id;
      }
      edges.push({ from: need, to: task.id, via });
      return parent;
    });
  }

  // Barycentres, downwards and back up a few times: simple, and enough for graphs a person writes by hand.
  const order = new Map();
  const number = (level) => level?.forEach((node, index) => order.set(node.id, index - (level.length - 1) / 2));
  levels.forEach(number);
  const children = new Map();
  for (const node of nodes.values()) for (const parent of node.parents) children.set(parent, [...(children.get(parent) ?? []), node.id]);
  const sweep = (sequence, neighbours) => {
    for (const level of sequence) {
      const centre = (node) => {
        const around = neighbours(node);
        return around.length ? around.reduce((sum, id) => sum + order.get(id), 0) / around.length : order.get(node.id);
      };
      const centres = new Map(level.map((node) => [node, centre(node)]));
      level.sort((a, b) => centres.get(a) - centres.get(b));
      number(level);
    }
  };
  const all = levels.filter(Boolean);
  for (let pass = 0; pass < 4; pass += 1) {
    sweep(all, (node) => node.parents);
    sweep([...all].reverse(), (node) => children.get(node.id) ?? []);
  }

  // The order stands; now each goes to the middle of its parents, which keeps long edges straight.
  const lane = new Map();
  for (const level of all) {
    const wish = (node) => node.parents.reduce((sum, id) => sum + lane.get(id), 0) / (node.parents.length || 1);
    let shift = 0;
    level.forEach((node, index) => {
      const free = index === 0 ? -Infinity : lane.get(level[index - 1].id) + 1;
      const hope = node.parents.length ? wish(node) : order.get(node.id);
      lane.set(node.id, Math.max(hope, free));
      shift += (lane.get(node.id) - hope) / level.length;
    });
    for (const node of level) lane.set(node.id, lane.get(node.id) - shift);
  }
  const lowest = Math.min(...lane.values());
  const place = ({ id, level }) => ({ level, lane: lane.get(id) - lowest });
  return {
    levels: levels.length,
    lanes: Math.max(...lane.values()) - lowest + 1,
    places: new Map(tasks.map(({ id }) => [id, place(nodes.get(id))])),
    edges: edges.map(({ from, to, via }) => ({ from, to, via: via.map(place) })),
  };
};
