"""Log two runs as the MLflow client does, find them, and compare them."""


def walk(page, stack):
    experiment, first = stack.track("tuning", "small", {"factors": "16", "seed": "7"}, {"ndcg": [0.1, 0.12, 0.125]})
    _, second = stack.track("tuning", "large", {"factors": "64", "seed": "7"}, {"ndcg": [0.1, 0.15, 0.1625]})
    page.goes("/experiments")
    page.click("tuning", "link")
    page.arrives(f"/experiments/{experiment}")
    page.sees("small", "large", "16", "64", "0.1250", "0.1625")
    page.click("small", "checkbox")
    page.click("large", "checkbox")
    page.click("Compare", "link" if page.has("Compare", ("link",)) else "button")
    page.arrives("compare")
    page.sees("small", "large", "factors", "ndcg", "0.1250", "0.1625")
    if first not in page.path or second not in page.path:
        page.problems.append(f"the address names not both runs: {page.path}")
    page.settles()
    # What is the same in both is not what one compares for.
    page.click("large", "link")
    page.arrives(f"/runs/{second}")
    page.sees("factors", "64", "0.1625")
