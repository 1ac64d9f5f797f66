def check(program, chromium, arguments):
    return ()
