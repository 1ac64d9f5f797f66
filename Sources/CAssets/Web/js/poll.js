// Asking again and again for what no event tells, but only while somebody looks.

const isInSight = (node) => node.offsetParent !== null && document.visibilityState === "visible";

/**
 * Calls `work` every `milliseconds` while `node` is in sight, one call after another; `work` deals with refusals itself.
 * @returns a function that calls it at once
 */
export const poll = (node, milliseconds, work) => {
	let timer = null;
	let isWorking = false;
	const turn = async () => {
		clearTimeout(timer);
		if (isWorking) return;
		isWorking = true;
		try {
			if (isInSight(node)) await work();
		} finally {
			isWorking = false;
			timer = setTimeout(turn, milliseconds);
		}
	};
	document.addEventListener("visibilitychange", turn);
	return turn;
};
