/// The operators of built-in tasks that Airflow does by itself.
extension AirflowRuntime {
    /// Built-in tasks that are one HTTP request.
    static let request = #"""
        MLSTACK_URL = os.environ.get("MLSTACK_URL", "http://127.0.0.1:8080")


        def ask(method, url, body=None, headers=None, timeout=60):
            """One HTTP request: its status and its answer."""
            headers = dict(headers or {})
            if url.startswith(MLSTACK_URL) and os.environ.get("MLSTACK_TOKEN"):
                headers["Authorization"] = "Bearer " + os.environ["MLSTACK_TOKEN"]
            data = None
            if body is not None:
                data = body.encode() if isinstance(body, str) else json.dumps(body).encode()
                headers.setdefault("Content-Type", "text/plain" if isinstance(body, str) else "application/json")
            request = urllib.request.Request(url, data=data, headers=headers, method=method)
            try:
                with urllib.request.urlopen(request, timeout=timeout) as answer:
                    return answer.status, answer.read().decode("utf-8", "replace")
            except urllib.error.HTTPError as error:
                return error.code, error.read().decode("utf-8", "replace")
        """#

    /// One such task; without an address it writes to its log.
    static let requestTask = #"""
        class Request(BaseOperator):
            """A built-in task that is one HTTP request; it fails unless the answer's status is one of those expected."""

            template_fields = ("when", "item", "method", "url", "body", "headers")

            def __init__(self, *, url, method="POST", body=None, headers=None, expect="200-299", when="", item="", **kwargs):
                super().__init__(**kwargs)
                self.when, self.item = when, item
                self.method, self.url, self.body, self.headers = method, url, body, headers or {}
                self.expect = expect

            def execute(self, context):
                if not self.url:
                    self.log.info("%s", self.body)
                    return None
                status, answer = ask(self.method, self.url, self.body, self.headers)
                self.log.info("status %s, %s bytes", status, len(answer))
                ranges = [part.split("-") for part in self.expect.split(",")]
                if not any(int(ends[0]) <= status <= int(ends[-1]) for ends in ranges):
                    raise AirflowException(f"the server answered with status {status}: {answer[:200]}")
                context["ti"].xcom_push("status", str(status))
                context["ti"].xcom_push("body", answer[:8192])
        """#

    /// A `pipeline/run` task.
    static let start = #"""
        class StartPipeline(TriggerDagRunOperator):
            """A `pipeline/run` task."""

            template_fields = ("when", *TriggerDagRunOperator.template_fields)

            def __init__(self, *, when="", **kwargs):
                super().__init__(**kwargs)
                self.when = when
        """#
}
