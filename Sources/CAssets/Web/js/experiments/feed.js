// The runs of an experiment, page after page as they are wanted, in the order that the server sorts them.
import { parentOf, searchRuns } from "../mlflow.js";

/** Pages grow, so that whoever scrolls far waits seldom. */
const firstPage = 100;
const largestPage = 500;
/** How many are asked for again to see what is new. */
const newest = 50;
const idsAtOnce = 100;

const isId = (id) => /^[\w-]{1,250}$/.test(id);
const among = (ids) => `attributes.run_id IN (${ids.map((id) => `'${id}'`).join(", ")})`;

/**
 * @param changed called after each change
 * @returns `{ask(query), more(), refresh(), runs(), parents(), state()}`. A query is `{experiment, filter, order, isDeleted}`.
 */
export const makeFeed = (changed) => {
	let query = null;
	let order = [];
	let token = null;
	let [isLoading, isComplete, problem] = [false, false, null];
	let asking = null;
	let size = firstPage;
	const runs = new Map();
	/** Runs that are there only because others stand below them. */
	const parents = new Map();
	const sought = new Set();
	let stamps = 0;

	/** Keeps the former value of a run that is the same, so that its row isn't drawn again. */
	const keep = (store, run) => {
		const text = JSON.stringify(run);
		const former = store.get(run.id);
		if (former?.text === text) return;
		store.set(run.id, Object.assign(run, { text, stamp: ++stamps }));
	};

	const findParents = async (mine) => {
		if (query.filter) return;
		const missing = [...new Set([...runs.values(), ...parents.values()].map(parentOf))].filter((id) => id && isId(id) && !runs.has(id) && !sought.has(id)).slice(0, idsAtOnce);
		if (missing.length === 0) return;
		for (const id of missing) sought.add(id);
		const { runs: found } = await searchRuns({ ...query, filter: among(missing), order: [], size: idsAtOnce }, mine.signal);
		for (const run of found) if (!runs.has(run.id)) keep(parents, run);
		if (found.length > 0) await findParents(mine);
	};

	const guarded = async (work) => {
		const mine = asking;
		const former = [stamps, order, problem];
		try {
			await work(mine);
			if (mine === asking) problem = null;
		} catch (error) {
			if (error.name === "AbortError" || mine !== asking) return;
			problem = error;
		}
		// Ten thousand rows are not laid out anew because nothing happened.
		if (mine === asking && [stamps, order, problem].some((each, n) => each !== former[n])) changed();
	};

	const more = () => {
		if (!query || isLoading || isComplete || problem) return;
		isLoading = true;
		return guarded(async (mine) => {
			try {
				const page = await searchRuns({ ...query, size, token }, mine.signal);
				if (mine !== asking) return;
				size = Math.min(largestPage, size * 2);
				for (const run of page.runs) {
					// New runs push others onto the next page.
					if (!runs.has(run.id)) order.push(run.id);
					parents.delete(run.id);
					keep(runs, run);
				}
				[token, isComplete] = [page.token, page.token === null];
				order = [...order];
				await findParents(mine);
			} finally {
				if (mine === asking) isLoading = false;
			}
		});
	};

	return {
		ask(next) {
			asking?.abort();
			asking = new AbortController();
			[query, order, token, isLoading, isComplete, problem, size] = [next, [], null, false, false, null, firstPage];
			for (const each of [runs, parents, sought]) each.clear();
			return more();
		},
		more,
		/** What is new comes to the front, what was running is asked again. */
		refresh() {
			// What was refused stays refused until it is asked otherwise.
			if (!query || isLoading || problem?.status === 400) return;
			return guarded(async (mine) => {
				const page = await searchRuns({ ...query, size: newest }, mine.signal);
				const running = order.filter((id) => runs.get(id).state === "running" && isId(id) && !page.runs.some((run) => run.id === id)).slice(0, idsAtOnce);
				const again = running.length > 0 ? (await searchRuns({ ...query, filter: among(running), order: [], size: idsAtOnce }, mine.signal)).runs : [];
				if (mine !== asking || isLoading) return;
				const first = page.runs.map(({ id }) => id);
				const isWhole = page.token === null;
				for (const run of [...page.runs, ...again]) keep(runs, run);
				const rest = isWhole ? [] : order.filter((id) => !first.includes(id));
				if (isWhole) for (const id of order) if (!first.includes(id)) runs.delete(id);
				if (first.some((id, n) => order[n] !== id) || order.length !== first.length + rest.length) order = [...first, ...rest];
				for (const id of first) parents.delete(id);
				if (isWhole) [token, isComplete] = [null, true];
				await findParents(mine);
			});
		},
		runs: () => order.map((id) => runs.get(id)),
		parents: () => parents,
		state: () => ({ isLoading, isComplete, problem }),
	};
};
