// Runs in every document before its own scripts: what a test wants to know of it.
(() => {
	addEventListener("securitypolicyviolation", (event) => console.error(`the content security policy was violated: ${event.violatedDirective} ${event.blockedURI} ${event.sourceFile ?? ""}:${event.lineNumber}`));

	// What listens for presses is to be something that one can press, by keyboard too.
	const pressed = new Set();
	const add = EventTarget.prototype.addEventListener;
	EventTarget.prototype.addEventListener = function (type, ...rest) {
		if (type === "click" && this instanceof Element) pressed.add(new WeakRef(this));
		return add.call(this, type, ...rest);
	};

	let changed = performance.now();
	new MutationObserver(() => (changed = performance.now())).observe(document, { childList: true, subtree: true, characterData: true });

	const values = () => [...document.querySelectorAll("input[type=text], textarea")].filter((each) => each.checkVisibility()).map((each) => each.value).join("\n");
	window.Drawn = {
		pressed: () => [...pressed].map((each) => each.deref()).filter((each) => each?.isConnected),
		/** Nothing is still to be fetched and drawn, as far as the page says so itself. */
		isCalm: () => performance.now() - changed > 40 && !/(reading|읽는 중)…/.test(document.querySelector("main")?.innerText ?? document.body.innerText),
		text: () => `${document.body.innerText}\n${values()}`,
	};
})();

// Whether one sees what has the focus: it, or what is drawn for it, has an outline, or a border of another colour than without.
(() => {
	const isMarked = (node, pseudo) => {
		const style = getComputedStyle(node, pseudo);
		return style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 1;
	};
	const isThick = (node) => {
		const style = getComputedStyle(node);
		return style.stroke !== "none" && parseFloat(style.strokeWidth) >= 2.5;
	};
	window.Focus = {
		isShown() {
			const node = document.activeElement;
			if (!node || node === document.body) return true;
			// Headings that take the focus to be read are no place to press, and the page as a whole no control.
			if (node.matches("h1, h2, main") && node.tabIndex < 0) return true;
			const drawn = [node, node.nextElementSibling, node.closest("label"), node.parentNode].filter(Boolean);
			const inSight = drawn.some((each) => { const { width, height, bottom, top } = each.getBoundingClientRect(); return width > 0 && height > 0 && bottom > 0 && top < innerHeight; });
			return inSight && (drawn.some((each) => isMarked(each)) || [...node.querySelectorAll("rect, path")].some(isThick));
		},
	};
})();
