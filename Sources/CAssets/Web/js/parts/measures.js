// Metrics: which way is better, which value is the best, and how they are written.
import { figure, metricName } from "../format.js";
import { t } from "../words.js";

const costs = new Set(["loss", "logloss", "nll", "perplexity", "error", "err", "errors", "rmse", "mae", "mse", "mape", "smape", "msle", "rmsle", "deviance", "regret", "brier", "latency", "seconds", "ms", "duration"]);
const gains = new Set(["ndcg", "recall", "precision", "accuracy", "acc", "auc", "map", "mrr", "hit", "hits", "f", "score", "coverage", "novelty", "diversity", "lift", "reward"]);

/** `1` when more is better, `-1` when less is, `0` when the name does not tell. What describes the data is neither. */
export const direction = (key) => {
	const words = key.toLowerCase().split(/[^\p{L}]+/u).filter(Boolean);
	if (words[0] === "drift" || words[0] === "matrix") return 0;
	if (key.toLowerCase().includes("intra_list_similarity") || words.some((word) => costs.has(word))) return -1;
	return words.some((word) => gains.has(word)) ? 1 : 0;
};

/** The best of some values, or null when the name doesn't tell, or nothing is to be compared. */
export const bestOf = (key, values) => {
	const known = values.filter(Number.isFinite);
	const way = direction(key);
	if (way === 0 || known.length < 2 || known.every((value) => value === known[0])) return null;
	return known.reduce((best, value) => ((value - best) * way > 0 ? value : best));
};

/** What is wished of a metric, for those who point at its name. */
export const wish = (key) => ({ 1: t`more is better`, "-1": t`less is better` })[direction(key)] ?? null;

/** A value to four digits; what cannot be written so has an exponent. */
export const measure = (value) => {
	if (Number.isNaN(value)) return "NaN";
	// The registry keeps infinity as the largest number.
	if (Math.abs(value) >= Number.MAX_VALUE) return value > 0 ? "∞" : "−∞";
	return Math.abs(value) >= 1e9 || (value !== 0 && Math.abs(value) < 1e-4) ? value.toExponential(3) : figure(value);
};

/** A param's text; a number with more digits than anybody reads is shortened. */
export const paramText = (text) => (/^-?\d+\.\d{5,}(e[-+]?\d+)?$/i.test(text) ? measure(Number(text)) : text);

/** `als/ndcg_at_10` reads `als/ndcg@10`. */
export const measureName = (key) => (/_at_\d+$/.test(key) ? metricName(key) : key);

const preferred = ["ndcg_at_10", "recall_at_20", "coverage_at_10", "accuracy", "loss", "rmse"];
const rank = (key) => (preferred.includes(key) ? preferred.indexOf(key) : key.includes("/") ? 1000 : 100);

/** Names of metrics, what says most first; a name with a slash measures a part of the run, such as one candidate. */
export const inOrder = (keys) => [...keys].sort((a, b) => rank(a) - rank(b) || a.localeCompare(b));
