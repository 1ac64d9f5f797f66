// Where the tasks of a DAG are drawn: a column (or row) per level, few crossings, edges around the boxes between.

/**
 * @param tasks `[{id, needs, level}]`
 * @returns `{levels, lanes, places: Map id → {level, lane}, edges: [{from, to, via: [{level, lane}]}]}`; lanes are
 * numbers from 0, centred per level, so a level of one task stands in the middle.
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

  const lanes = Math.max(1, ...all.map((level) => level.length));
  const place = (node) => ({ level: node.level, lane: order.get(node.id) + (lanes - 1) / 2 });
  return {
    levels: levels.length,
    lanes,
    places: new Map(tasks.map(({ id }) => [id, place(nodes.get(id))])),
    edges: edges.map(({ from, to, via }) => ({ from, to, via: via.map(place) })),
  };
};
