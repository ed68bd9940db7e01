using System.Numerics;

namespace CampaignManager.Engine.Uplift.Learners.Network;

/// <summary>Adam (Kingma &amp; Ba 2015) with weight decay outside the gradient (Loshchilov &amp; Hutter 2019), its strength given per parameter.</summary>
internal sealed class Adam(float rate, float[] decay)
{
    private const float First = 0.9f, Second = 0.999f, Floor = 1e-8f;

    private readonly float[] mean = new float[decay.Length];
    private readonly float[] square = new float[decay.Length];
    private int steps;

    /// <summary>One step against the gradient.</summary>
    /// <param name="parameters">Changed in place.</param>
    /// <param name="gradient">Of the mean loss.</param>
    public void Step(Span<float> parameters, ReadOnlySpan<float> gradient)
    {
        steps++;
        float step = (float)(rate / (1 - Math.Pow(First, steps))), widen = (float)(1 / (1 - Math.Pow(Second, steps)));
        int i = 0, lane = Vector<float>.Count;
        for (; i + lane <= parameters.Length; i += lane)
        {
            var g = new Vector<float>(gradient[i..]);
            Vector<float> m = First * new Vector<float>(mean, i) + (1 - First) * g, v = Second * new Vector<float>(square, i) + (1 - Second) * g * g;
            m.CopyTo(mean, i);
            v.CopyTo(square, i);
            var p = new Vector<float>(parameters[i..]);
            (p - rate * new Vector<float>(decay, i) * p - step * m / (Vector.SquareRoot(v * widen) + new Vector<float>(Floor))).CopyTo(parameters[i..]);
        }
        for (; i < parameters.Length; i++)
        {
            var g = gradient[i];
            mean[i] = First * mean[i] + (1 - First) * g;
            square[i] = Second * square[i] + (1 - Second) * g * g;
            parameters[i] = parameters[i] - rate * decay[i] * parameters[i] - step * mean[i] / (MathF.Sqrt(square[i] * widen) + Floor);
        }
    }
}
