namespace CampaignManager.Web.Notifications;

/// <summary>Marks the texts of notification pages.</summary>
public sealed class NotificationTexts;
