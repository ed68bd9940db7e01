namespace CampaignManager.Web.Campaigns.Replay;

/// <summary>Marks the texts of replays.</summary>
public sealed class ReplayTexts;
