extension AirflowRuntime {
    /// Where a task has a `when`.
    static let conditions = #"""
        class Given(str):
            """A text from outside: it counts as what it looks like."""


        def given(value):
            if value is None or isinstance(value, (Undefined, list, dict)):
                return None if isinstance(value, Undefined) else value
            return Given(text(value))


        def number(value):
            if isinstance(value, Given):
                if re.fullmatch(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?", value):
                    return float(value)
                return None
            return float(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else None


        def meaning(value):
            if not isinstance(value, Given):
                return value
            if number(value) is not None:
                return number(value)
            if value in ("true", "false"):
                return value == "true"
            if value[:1] in ("[", "{"):
                try:
                    return json.loads(value)
                except ValueError:
                    pass
            return str(value)


        def quoted(value):
            return isinstance(value, str) and not isinstance(value, Given)


        def member(value, key):
            found = meaning(value)
            if isinstance(found, dict):
                found = found.get(str(key))
            elif isinstance(found, list) and number(Given(key)) is not None and 0 <= number(Given(key)) < len(found):
                found = found[int(number(Given(key)))]
            else:
                found = None
            return Given(found) if isinstance(found, str) else found


        def truth(value):
            found = meaning(value)
            if not isinstance(found, bool):
                raise AirflowException(f"when: {value!r} is neither true nor false")
            return found


        def equal(left, right):
            if quoted(left) or quoted(right):
                return isinstance(left, str) and isinstance(right, str) and str(left) == str(right)
            if number(left) is not None and number(right) is not None:
                return number(left) == number(right)
            left, right = meaning(left), meaning(right)
            return isinstance(left, bool) == isinstance(right, bool) and left == right


        def less(left, right):
            as_text = quoted(left) or quoted(right)
            if not as_text and number(left) is not None and number(right) is not None:
                return number(left) < number(right)
            numbers = (number(left) is not None) + (number(right) is not None)
            if isinstance(left, str) and isinstance(right, str) and (as_text or numbers == 0):
                return str(left) < str(right)
            raise AirflowException(f"when: {left!r} and {right!r} cannot be ordered")


        def contains(whole, part):
            found = meaning(whole)
            if isinstance(found, list):
                return any(equal(Given(one) if isinstance(one, str) else one, part) for one in found)
            if isinstance(found, dict):
                return part in found
            if not isinstance(whole, str) or not isinstance(part, str):
                raise AirflowException("when: `in` needs a list, a mapping or a text on its right")
            return str(part) in str(whole)


        def require(holds, condition):
            if not holds:
                raise AirflowSkipException(f"when: {condition}")
            return condition
        """#
}
