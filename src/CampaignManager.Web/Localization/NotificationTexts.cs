namespace CampaignManager.Web.Localization;

/// <summary>Marks the texts of notification pages.</summary>
public sealed class NotificationTexts;
