// What each day brought, newest first, as a table that shows only the rows in sight.
import { el, emptyState, replace } from "../dom.js";
import { count, dayMilliseconds, shortDay } from "../format.js";
import { makeTable } from "../parts/table.js";
import { t } from "../words.js";

const number = (key, label, cell) => ({ key, label, kind: "number", canSort: true, cell });

const columns = [
	{ key: "index", label: t`Day`, canSort: true, cell: ({ date }) => shortDay(date) },
	number("ratings", t`Ratings`, ({ ratings }) => count(ratings)),
	number("users", t`People`, ({ users }) => count(users)),
	number("new_users", t`New people`, ({ new_users: fresh }) => count(fresh)),
	number("items", t`Films`, ({ items }) => count(items)),
	number("new_items", t`New films`, ({ new_items: fresh }) => count(fresh)),
	number("rating_mean", t`Mean stars`, ({ rating_mean: mean }) => (mean === null ? "–" : mean.toFixed(3))),
	{ key: "when", label: t`Came`, cell: ({ when }) => ({ past: t`before the replay`, arrived: t`in the replay` })[when] },
];

/** @returns `{node, set(days, now, start)}`: the days before `now` are shown */
export const makeDayTable = () => {
	const nothing = el("div");
	const node = el("div", {}, nothing);
	let sort = { key: "index", descending: true };
	let known = { days: null, now: -1, start: -1 };
	let rows = [];
	const table = makeTable({ caption: t`What each day brought`, rowKey: ({ index }) => index, onSort: (chosen) => { sort = chosen; order(); } });
	node.append(table.node);

	const order = () => {
		const direction = sort.descending ? -1 : 1;
		const value = (row) => row[sort.key] ?? -Infinity;
		rows.sort((a, b) => (value(a) - value(b)) * direction || b.index - a.index);
		table.set({ columns, rows, sort });
	};
	const set = (days, now, start) => {
		if (days === known.days && now === known.now && start === known.start) return;
		known = { days, now, start };
		rows = Array.from({ length: now }, (_, index) => ({
			index, date: new Date(days.first + index * dayMilliseconds).toISOString(), when: index < start ? "past" : "arrived",
			...Object.fromEntries(["ratings", "users", "new_users", "items", "new_items", "rating_mean"].map((name) => [name, days[name][index]])),
		}));
		replace(nothing, now === 0 && emptyState(t`No day has come yet.`, t`Start the clock on the page Today.`));
		table.node.hidden = now === 0;
		order();
	};
	return { node, set };
};
