namespace CampaignManager.Application.Audiences;

/// <summary>What is said wherever effects are asked for before a model of them is in use.</summary>
public static class NoEffectModel
{
    public const string Code = "no-effect-model";

    public static Failure Failure { get; } = new(
        FailureKind.NotFound, Code,
        "No model of what campaigns do is in use yet. Orders show who buys, not who buys because of an offer: that takes a campaign in which some customers are held back at random. GET /first-steps says what comes next.");
}
