namespace CampaignManager.Web.Webhooks;

/// <summary>Marks the texts of webhooks.</summary>
public sealed class WebhookTexts;
