namespace CampaignManager.Application.Webhooks;

/// <summary>What may be told, by the names that stand in the API and on the wire.</summary>
public static class WebhookTopics
{
    public const string CampaignStarted = "campaign.started";
    public const string CampaignEnded = "campaign.ended";
    public const string BudgetLow = "campaign.budget-80";
    public const string BudgetExhausted = "campaign.budget-exhausted";
    public const string ModelPromoted = "model.promoted";
    public const string ImportDone = "import.done";
    public const string DataQuality = "data.quality";

    /// <summary>Sent when an admin asks for it; nobody subscribes to it.</summary>
    public const string Test = "webhook.test";

    public static readonly IReadOnlyList<string> All = [CampaignStarted, CampaignEnded, BudgetLow, BudgetExhausted, ModelPromoted, ImportDone, DataQuality];
}
