// The page Today.
export default {
	"The clock": "시계",
	"What needs attention": "살펴볼 것",
	"The day's pipeline": "하루의 파이프라인",
	"Quality, day by day": "날마다의 품질",
	"Answering now": "지금 응답하는 모델",
	"What happened last": "최근에 일어난 일",
	"How the data move": "데이터의 변화",
	"Recommendations for one person": "한 사람을 위한 추천",
	"Model versions": "모델 버전",
};
