namespace CampaignManager.Application.ShopData.Imports;

/// <summary>Why a shop's own files wait while the demo shop is here.</summary>
public static class DemoRefusal
{
    public const string Code = "demo-data-present";

    public const string Sentence = "The demo shop is here, and real data must not mix with it. Remove the demo shop on the page Data, and import again; a dry run is possible now.";

    public static Failure Failure { get; } = Failure.Conflict(Code, Sentence);
}
