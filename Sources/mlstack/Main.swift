import ArgumentParser
import Stack
@main struct MLStack: ParsableCommand {}
