namespace CampaignManager.Web.Behaviour;

/// <summary>Marks the texts of the pages of features.</summary>
public sealed class BehaviourTexts;
