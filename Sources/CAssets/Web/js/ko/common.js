// The shell, and what several pages say.
export default {
	Today: "오늘",
	Pipelines: "파이프라인",
	Experiments: "실험",
	Models: "모델",
	Recommend: "추천",
	Data: "데이터",
	System: "시스템",
	Language: "언어",
	live: "실시간",
	"connecting…": "연결 중…",
	"connection lost, trying again…": "연결이 끊겼습니다. 다시 시도하는 중…",
	"There is no page at {}.": "{} 주소에는 페이지가 없습니다.",
	"Choose one from the menu.": "메뉴에서 고르세요.",
};
