namespace CampaignManager.Web.Overview.Loop;

/// <summary>Marks the texts of the loop.</summary>
public sealed class LoopTexts;
