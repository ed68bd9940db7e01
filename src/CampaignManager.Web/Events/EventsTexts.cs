namespace CampaignManager.Web.Events;

/// <summary>Marks the texts of the page of events.</summary>
public sealed class EventsTexts;
