namespace CampaignManager.Engine.Uplift.Learners.Network;

/// <summary>
/// Dragonnet's objective (Shi, Blei &amp; Veitch 2019) on the heads (a, d, z): outcome head of control a, of treated a + d, propensity logit z; extra ε.
/// Outcome: w·deviance(y, a + t·d), a logistic head for 0/1 outcomes, ½(y − ·)² for money; propensity: α·cross-entropy(e, σ(z));
/// targeted regularisation: ½β(y − Q − ε·(t/g − (1 − t)/(1 − g)))² with Q the outcome head's prediction and g = σ(z).
/// Writing the treated head as control plus difference changes no function the net can be, but lets weight decay pull the effect to a constant.
/// w is inverse propensity over its mean, so that where propensities differ both arms stand for the same customers.
/// </summary>
/// <param name="treated">Arm.</param>
/// <param name="propensity">Known e: the propensity head's target, less noisy than the arm itself.</param>
/// <param name="outcome">y; money standardised.</param>
/// <param name="binary">Logistic heads.</param>
/// <param name="share">Mean propensity of the training rows.</param>
internal sealed class DragonnetLoss(bool[] treated, double[] propensity, double[] outcome, bool binary, double share) : INetworkLoss
{
    /// <summary>a, d, z.</summary>
    public const int Heads = 3;

    /// <summary>Weight of the propensity head: small, since the propensity is known.</summary>
    public const double Alpha = 0.1;

    /// <summary>Weight of targeted regularisation.</summary>
    public const double Beta = 0.1;

    // g further out than this would let one row rule the batch.
    private const double Edge = 0.02;

    public double Of(ReadOnlySpan<int> rows, ReadOnlySpan<float> outputs, ReadOnlySpan<float> extras, Span<float> errors, Span<float> extraErrors)
    {
        double sum = 0, epsilon = extras[0], epsilonError = 0;
        for (var i = 0; i < rows.Length; i++)
        {
            var row = rows[i];
            double t = treated[row] ? 1 : 0, y = outcome[row], e = propensity[row], z = outputs[i * Heads + 2];
            double head = outputs[i * Heads] + t * outputs[i * Heads + 1], w = Weight(row);
            double q = binary ? Sigmoid(head) : head, slope = binary ? q * (1 - q) : 1;
            double g = Sigmoid(z), inside = Math.Clamp(g, Edge, 1 - Edge), h = treated[row] ? 1 / inside : -1 / (1 - inside);
            var miss = y - q - epsilon * h;
            sum += w * Deviance(y, head) + Alpha * (SoftPlus(z) - e * z) + 0.5 * Beta * miss * miss;
            var headError = w * (q - y) - Beta * miss * slope;
            // ∂h/∂z: −(1 − g)/g for treated, −g/(1 − g) for control, nothing where g is held at the edge.
            var hSlope = g != inside ? 0 : treated[row] ? -(1 - g) / g : -g / (1 - g);
            errors[i * Heads] = (float)headError;
            errors[i * Heads + 1] = (float)(t * headError);
            errors[i * Heads + 2] = (float)(Alpha * (g - e) - Beta * miss * epsilon * hSlope);
            epsilonError -= Beta * miss * h;
        }
        extraErrors[0] = (float)epsilonError;
        return sum;
    }

    /// <summary>Early stopping watches the outcome heads alone.</summary>
    public double Watched(ReadOnlySpan<int> rows, ReadOnlySpan<float> outputs)
    {
        double sum = 0;
        for (var i = 0; i < rows.Length; i++)
        {
            double head = outputs[i * Heads] + (treated[rows[i]] ? outputs[i * Heads + 1] : 0f);
            sum += Weight(rows[i]) * Deviance(outcome[rows[i]], head);
        }
        return sum;
    }

    public static double Sigmoid(double z) => z >= 0 ? 1 / (1 + Math.Exp(-z)) : Math.Exp(z) / (1 + Math.Exp(z));

    private double Weight(int row) => treated[row] ? share / propensity[row] : (1 - share) / (1 - propensity[row]);

    private double Deviance(double y, double head) => binary ? SoftPlus(head) - y * head : 0.5 * (y - head) * (y - head);

    // log(1 + e^z), safe for large z.
    private static double SoftPlus(double z) => Math.Max(z, 0) + Math.Log(1 + Math.Exp(-Math.Abs(z)));
}
