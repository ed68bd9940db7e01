using System.Text.Json;
using CampaignManager.Engine.Experiments;
using CampaignManager.Engine.Offers;

namespace CampaignManager.Application.Campaigns.Epochs;

/// <summary>An arm of an epoch: control first, then the variants, then the current offer.</summary>
/// <param name="Key"><c>control</c>, <c>current</c> or a variant's own.</param>
/// <param name="Share">Of those enrolled; the shares of an epoch add up to 1.</param>
/// <param name="Offer">What a variant gives instead; null for the others.</param>
public sealed record EpochArm(string Key, double Share, Offer? Offer = null)
{
    public const string Control = "control";

    public const string Current = "current";

    /// <summary>The arms of a campaign without variants.</summary>
    public static IReadOnlyList<EpochArm> Two(double heldOut) => [new(Control, heldOut), new(Current, 1 - heldOut)];

    /// <summary>Their cut points.</summary>
    public static ArmCuts CutsOf(IReadOnlyList<EpochArm> arms) =>
        new(arms.Single(a => a.Key == Control).Share, [.. arms.Where(a => a.Key is not (Control or Current)).Select(a => a.Share)]);

    /// <summary>The arm of a number as exposures have it.</summary>
    public static EpochArm Of(IReadOnlyList<EpochArm> arms, int arm) => arm switch
    {
        ArmCuts.Held => arms.Single(a => a.Key == Control),
        ArmCuts.Current => arms.Single(a => a.Key == Current),
        _ => arms.Where(a => a.Key is not (Control or Current)).ElementAt(arm - ArmCuts.FirstVariant),
    };

    public static string Write(IReadOnlyList<EpochArm> arms) => JsonSerializer.Serialize(arms, RulesJson.Options);

    public static IReadOnlyList<EpochArm> Read(string json) => JsonSerializer.Deserialize<IReadOnlyList<EpochArm>>(json, RulesJson.Options)!;
}

/// <summary>The running epoch of a campaign as it is priced with.</summary>
/// <param name="Arms">Control first.</param>
public sealed record HeldEpoch(long Id, int Number, string Salt, bool Measured, IReadOnlyList<EpochArm> Arms)
{
    public ArmCuts Cuts { get; } = EpochArm.CutsOf(Arms);

    public static HeldEpoch Of(ExperimentEpoch epoch) => new(epoch.Id, epoch.Number, epoch.Salt, epoch.Measured, EpochArm.Read(epoch.ArmsJson));
}
