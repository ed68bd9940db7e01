namespace CampaignManager.Engine.Experiments;

/// <summary>Arms as cut points of one hash bucket: control [0, h), the variants in their order, the current offer up to 1.</summary>
/// <param name="Control">h, the share that is held out, 0..1.</param>
/// <param name="Variants">The variants' shares; with control at most 1.</param>
public sealed record ArmCuts(double Control, IReadOnlyList<double> Variants)
{
    /// <summary>The arm that is held out.</summary>
    public const int Held = 0;

    /// <summary>The arm of the current offer.</summary>
    public const int Current = 1;

    /// <summary>The first variant's arm.</summary>
    public const int FirstVariant = 2;

    /// <summary>Whether the arms can tell anything: somebody is held out or gets something else, and not everybody is.</summary>
    public bool Compare => Control is > 0 and < 1 || Variants.Any(v => v > 0);

    /// <summary>The arm at a place of the bucket.</summary>
    /// <param name="bucket">In [0, 1).</param>
    public int At(double bucket)
    {
        var upto = Control;
        if (bucket < upto)
            return Held;
        for (var i = 0; i < Variants.Count; i++)
        {
            upto += Variants[i];
            if (bucket < upto)
                return FirstVariant + i;
        }

        return Current;
    }

    /// <summary>The arm of an id: a pure function of the salt and the id, so that anyone can recompute it.</summary>
    /// <param name="salt">The epoch's salt.</param>
    /// <param name="assignmentId">The id that the arm is drawn over.</param>
    public int Of(string salt, string assignmentId) => At(Assignment.Bucket(salt, assignmentId));

    /// <summary>Share of an arm.</summary>
    public double ShareOf(int arm) => arm switch
    {
        Held => Control,
        Current => 1 - Control - Variants.Sum(),
        _ => Variants[arm - FirstVariant],
    };

    /// <summary>The chance that an exposure states: with two arms that of treatment, on the rows of both; with more that of the row's own arm.</summary>
    public double PropensityOf(int arm) => Variants.Count == 0 ? 1 - Control : ShareOf(arm);
}
