namespace CampaignManager.Web.Localization;

/// <summary>Marks the texts of webhooks.</summary>
public sealed class WebhookTexts;
