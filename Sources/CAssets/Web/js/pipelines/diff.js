// What differs between two texts, line by line.

/**
 * The shortest way from one list of lines to the other.
 * Source: Eugene W. Myers (1986), "An O(ND) Difference Algorithm and Its Variations".
 * @returns `[{kind: "same" | "out" | "in", text, before, after}]`, line numbers from 1; null when the texts differ so much that
 * the search is not worth its time.
 */
export const difference = (before, after, limit = 4000) => {
	let head = 0;
	while (head < before.length && head < after.length && before[head] === after[head]) head += 1;
	let tail = 0;
	while (tail < before.length - head && tail < after.length - head && before.at(-1 - tail) === after.at(-1 - tail)) tail += 1;
	const [a, b] = [before.slice(head, before.length - tail), after.slice(head, after.length - tail)];
	const steps = walk(a, b, limit);
	if (!steps) return null;
	const lines = before.slice(0, head).map((text, n) => ({ kind: "same", text, before: n + 1, after: n + 1 }));
	let [x, y] = [0, 0];
	for (const kind of steps) {
		if (kind === "out") lines.push({ kind, text: a[x], before: head + ++x });
		else if (kind === "in") lines.push({ kind, text: b[y], after: head + ++y });
		else lines.push({ kind, text: a[x], before: head + ++x, after: head + ++y });
	}
	for (let n = tail; n > 0; n -= 1) lines.push({ kind: "same", text: before.at(-n), before: before.length - n + 1, after: after.length - n + 1 });
	return lines;
};

const walk = (a, b, limit) => {
	const most = Math.min(a.length + b.length, limit);
	// The furthest place on each diagonal, before each step.
	const trace = [];
	let furthest = new Map([[1, 0]]);
	for (let d = 0; d <= most; d += 1) {
		trace.push(new Map(furthest));
		for (let k = -d; k <= d; k += 2) {
			const isDown = k === -d || (k !== d && (furthest.get(k - 1) ?? -1) < (furthest.get(k + 1) ?? -1));
			let x = isDown ? furthest.get(k + 1) : furthest.get(k - 1) + 1;
			let y = x - k;
			while (x < a.length && y < b.length && a[x] === b[y]) [x, y] = [x + 1, y + 1];
			furthest.set(k, x);
			if (x >= a.length && y >= b.length) return back(trace, a.length, b.length);
		}
		// Each step keeps a copy of all diagonals: the memory grows with the square.
		if (d > 600) return null;
	}
	return null;
};

const back = (trace, width, height) => {
	const steps = [];
	let [x, y] = [width, height];
	for (let d = trace.length - 1; d >= 0; d -= 1) {
		const furthest = trace[d];
		const k = x - y;
		const isDown = k === -d || (k !== d && (furthest.get(k - 1) ?? -1) < (furthest.get(k + 1) ?? -1));
		const former = isDown ? k + 1 : k - 1;
		const fromX = furthest.get(former) ?? 0;
		const fromY = fromX - former;
		while (x > fromX && y > fromY && x > 0 && y > 0) {
			steps.push("same");
			[x, y] = [x - 1, y - 1];
		}
		if (d > 0) steps.push(isDown ? "in" : "out");
		[x, y] = [fromX, fromY];
	}
	return steps.reverse();
};

/** Only what differs, with so many lines around it; `{kind: "gap", count}` for what is left out. */
export const around = (lines, context = 3) => {
	const near = lines.map(() => false);
	lines.forEach(({ kind }, n) => {
		if (kind !== "same") near.fill(true, Math.max(0, n - context), n + context + 1);
	});
	const shown = [];
	lines.forEach((line, n) => {
		if (near[n]) shown.push(line);
		else if (shown.at(-1)?.kind === "gap") shown.at(-1).count += 1;
		else shown.push({ kind: "gap", count: 1 });
	});
	return shown;
};
