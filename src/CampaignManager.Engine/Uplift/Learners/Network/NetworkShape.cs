using System.Text.Json.Serialization;
using CampaignManager.Engine.Statistics;

namespace CampaignManager.Engine.Uplift.Learners.Network;

/// <summary>What a hidden unit does with its sum.</summary>
public enum Activation
{
    /// <summary>max(0, z).</summary>
    Relu,

    /// <summary>z above 0, e^z − 1 below (Clevert et al. 2016).</summary>
    Elu,
}

/// <summary>
/// A chain of dense layers whose last one is linear (the heads). All parameters lie in one array: of every layer its weights (inputs × outputs), then its
/// biases; after the layers the extra parameters that only the loss knows.
/// </summary>
/// <param name="Widths">Inputs, hidden widths, heads.</param>
/// <param name="Activation">Of the hidden layers.</param>
/// <param name="Extras">Parameters outside the layers.</param>
public sealed record NetworkShape(int[] Widths, Activation Activation, int Extras = 0)
{
    /// <summary>Dense layers.</summary>
    [JsonIgnore]
    public int Layers => Widths.Length - 1;

    /// <summary>Number of heads.</summary>
    [JsonIgnore]
    public int Heads => Widths[^1];

    /// <summary>Number of parameters.</summary>
    [JsonIgnore]
    public int Parameters => BiasesAt(Layers - 1) + Heads + Extras;

    /// <summary>Where a layer's weights begin.</summary>
    public int WeightsAt(int layer)
    {
        var at = 0;
        for (var l = 0; l < layer; l++) at += (Widths[l] + 1) * Widths[l + 1];
        return at;
    }

    /// <summary>Where a layer's biases begin.</summary>
    public int BiasesAt(int layer) => WeightsAt(layer) + Widths[layer] * Widths[layer + 1];

    /// <summary>Where the extra parameters begin.</summary>
    [JsonIgnore]
    public int ExtrasAt => Parameters - Extras;

    /// <summary>Random hidden weights (He et al. 2015); heads, biases and extras are 0, so that training starts from a constant prediction.</summary>
    public float[] Start(SeededRandom random)
    {
        ArgumentNullException.ThrowIfNull(random);
        var parameters = new float[Parameters];
        for (var layer = 0; layer < Layers - 1; layer++)
        {
            var spread = Math.Sqrt(2.0 / Math.Max(1, Widths[layer]));
            foreach (ref var weight in parameters.AsSpan(WeightsAt(layer), Widths[layer] * Widths[layer + 1])) weight = (float)(spread * random.NextNormal());
        }
        return parameters;
    }
}
