/// The version that `mlstack --version`, the banner, `/version`'s neighbours and every tracked run's `code_version` give.
package enum Version {
    package static let current = "0.1.0"
}
