import CKernels
import Foundation

/// What RecVAE expects of a latent code: mostly that it stays near what the encoder of the previous round said, else that
/// it is standard normal, or anything at all.
///
/// A mixture of N(0, 1), the former posterior, and N(0, e^10), weighted 3 : 15 : 2.
/// - Source: Shenbin et al. (2020), section 3.2, and its published code for the weights.
enum CompositePrior {
    private static let weights: [Float] = [3.0 / 20, 3.0 / 4, 1.0 / 10]
    private static let wideLogVariance: Float = 10
    private static let logTwoPi: Float = 1.837877

    /// ln p(z) of one coordinate and its derivative by z.
    static func logDensity(
        _ z: Float, formerMean: Float, formerLogVariance: Float
    ) -> (value: Float, slope: Float) {
        let parts = [(Float(0), Float(0)), (formerMean, formerLogVariance), (0, wideLogVariance)]
        var logs: (Float, Float, Float) = (0, 0, 0)
        var slopes: (Float, Float, Float) = (0, 0, 0)
        func part(_ index: Int) -> (log: Float, slope: Float) {
            let (mean, logVariance) = parts[index]
            let inverse = expf(-logVariance)
            let apart = z - mean
            return (
                logf(weights[index]) - 0.5 * (logTwoPi + logVariance + apart * apart * inverse), -apart * inverse
            )
        }
        (logs.0, slopes.0) = part(0)
        (logs.1, slopes.1) = part(1)
        (logs.2, slopes.2) = part(2)
        let top = max(logs.0, logs.1, logs.2)
        let shares = (expf(logs.0 - top), expf(logs.1 - top), expf(logs.2 - top))
        let sum = shares.0 + shares.1 + shares.2
        return (
            top + logf(sum), (shares.0 * slopes.0 + shares.1 * slopes.1 + shares.2 * slopes.2) / sum
        )
    }
}
